import { describe } from 'vitest';
import { describeLog } from '../contract.ts';
import { openKinesisLog } from './kinesis.ts';

const MOTO = process.env.AWS_ENDPOINT_URL;

/** Of the port's cases those that Kinesis has no call for. */
const KINESIS_LACKS = ['forgets what was trimmed and nothing else'];
/** PutRecords answers no arrival: what `append` tells is the caller's clock, see the case of our own below. */
const ARRIVAL_IS_THE_CALLERS = ['gives nothing at a time to come, and the newer ones at a time between'];

describe.skipIf(MOTO === undefined)(`Kinesis against ${MOTO ?? 'moto: AWS_ENDPOINT_URL names no endpoint'}`, () => {
  describeLog(
    'Kinesis by moto',
    async () => ({
      open: () => openKinesisLog({ region: 'us-east-1', endpoint: MOTO ?? '' }),
      destroy: async () => {},
    }),
    { skip: [...KINESIS_LACKS, ...ARRIVAL_IS_THE_CALLERS] },
  );
});
