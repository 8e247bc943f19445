/** Given and family names of the synthetic company, from many languages, in ASCII so that they fit e-mail addresses. */
export const GIVEN_NAMES: readonly string[] =
  `Aaliyah Aaron Abdul Abena Adam Adaeze Aditi Agnieszka Ahmed Aiko Aisha Alejandro Alex Alice Amara Amelie Amina Amir
  Ana Anders Andrea Andrei Angela Anh Anika Anna Antonio Anya Arjun Asha Astrid Ayesha Beatriz Ben Bianca Bilal Bjorn
  Bogdan Brigid Bruno Camila Carlos Carmen Caroline Catalina Cedric Chang Charlotte Chiara Chidi Chinwe Chloe Ciara
  Claire Connor Daiki Dalia Daniel Daria David Deepa Diego Dmitri Dominik Ebele Eduardo Elena Eli Elif Emeka Emily Emma
  Erik Esther Ethan Eva Fatima Felix Femi Fernanda Finn Francesca Freya Gabriel George Giulia Grace Hana Hannah Hao
  Harriet Haruto Hassan Helena Henrik Hiro Hugo Ibrahim Ines Ingrid Isabel Ivan Jack Jakub James Jamila Jan Jasmine
  Javier Jin Joanna Joao Johan Jordan Jorge Julia Kai Karim Karolina Katarina Kavya Keiko Kenji Kwame Lars Laura Layla
  Leila Leo Li Liam Lin Linh Lucas Lucia Luis Maja Marco Maria Mariam Marta Mateo Matthew Maya Mei Mia Michal Miguel
  Mila Minh Miriam Mohamed Mona Nadia Naoko Natalia Neha Ngozi Nia Nikhil Nikolai Nina Noah Noor Olga Oliver Omar Oscar
  Paolo Pedro Petra Pierre Priya Rachel Rafael Rahul Ravi Rosa Ruth Sana Sara Sean Sebastian Shreya Siobhan Sofia Sota
  Stefan Sunita Tamar Tariq Teresa Thandi Theo Thomas Tomas Tunde Uma Valentina Vera Victor Vikram Wei Wen Wiktor Yara
  Yasmin Yuki Yusuf Zainab Zara Zoe Zofia`.split(/\s+/);

export const FAMILY_NAMES: readonly string[] =
  `Abbas Abe Acosta Adeyemi Agarwal Aguilar Ahmad Akhtar Ali Almeida Alvarez Andersson Ansari Appiah Araujo Arslan Asante
  Ay Bakker Balogun Banerjee Barbosa Baron Bauer Becker Bell Bello Benali Berg Bernard Bianchi Bondarenko Boateng Bose
  Brennan Brown Bui Byrne Campbell Cardoso Carter Castillo Castro Chan Chang Chaudhry Chen Cheng Cho Choi Clark Cohen
  Collins Conti Cooper Costa Cruz Dang Das Davies Delgado Demir Desai Diallo Diaz Dinh Dubois Duarte Dube Eriksson
  Esposito Evans Farah Fernandes Ferrari Fischer Flores Fontaine Forsberg Fraser Friedman Fujita Garcia Gomez Gonzalez
  Greco Green Grzybowski Gupta Gutierrez Haddad Hall Hansen Haque Harris Hassan Hayashi Herrera Hill Ho Hoang Hoffmann
  Horvat Hughes Hussain Huang Ibarra Ito Iyer Jackson Jain Jansen Janssen Jensen Jimenez Johansson Johnson Jones Joshi
  Kamau Kaminski Kang Kapoor Kato Kaur Keller Kelly Khalil Khan Kim King Klein Kobayashi Koch Kovacs Kowalski Kruger Kumar
  Kuznetsov Lam Larsen Laurent Le Lee Levy Lewis Li Lim Lin Lindqvist Liu Lopez Ma Malik Mansour Marino Martin Martinez
  Mbeki Mehta Mendes Mensah Mishra Miller Mitchell Mizrahi Mohamud Molina Moore Morales Moreau Moretti Morris Mueller
  Murphy Mwangi Nair Nakamura Navarro Ndiaye Nguyen Nielsen Novak Nowak Obi Ochoa Okafor Okoye Oliveira Olsen Omondi Ong
  Ortiz Osei Owusu Ozturk Park Parker Patel Pereira Perez Pham Phillips Pinto Popescu Popov Prasad Quinn Rahman Ramirez
  Ramos Rao Reddy Reyes Ribeiro Ricci Rivera Robinson Rodriguez Rojas Romano Rossi Roy Ruiz Ryan Saito Salazar Sanchez
  Santos Sato Schmidt Schneider Schwarz Shah Sharma Shevchenko Silva Singh Smith Sousa Suzuki Takahashi Tan Tanaka Taylor
  Thapa Thomas Thompson Torres Tran Turner Usman Vargas Varga Vasquez Verma Visser Vogel Volkov Vu Walker Walsh Wang
  Watanabe Weber White Williams Wilson Wong Wright Wu Yamamoto Yang Yilmaz Young Zhang Zhao Zhou Zielinski`.split(
    /\s+/,
  );
