-- The tables and sizes of the Chinook sample database, filled by arithmetic: the same rows every time.

CREATE TABLE artist (artist_id int PRIMARY KEY, name varchar(120));
CREATE TABLE album (
  album_id int PRIMARY KEY, title varchar(160) NOT NULL, artist_id int NOT NULL REFERENCES artist
);
CREATE TABLE genre (genre_id int PRIMARY KEY, name varchar(120));
CREATE TABLE media_type (media_type_id int PRIMARY KEY, name varchar(120));
CREATE TABLE track (
  track_id int PRIMARY KEY, name varchar(200) NOT NULL, album_id int REFERENCES album,
  media_type_id int NOT NULL REFERENCES media_type, genre_id int REFERENCES genre, composer varchar(220),
  milliseconds int NOT NULL, bytes int, unit_price numeric(10, 2) NOT NULL
);
CREATE TABLE playlist (playlist_id int PRIMARY KEY, name varchar(120));
CREATE TABLE playlist_track (
  playlist_id int REFERENCES playlist, track_id int REFERENCES track, PRIMARY KEY (playlist_id, track_id)
);
CREATE TABLE employee (
  employee_id int PRIMARY KEY, last_name varchar(20) NOT NULL, first_name varchar(20) NOT NULL,
  title varchar(30), reports_to int REFERENCES employee, birth_date timestamp, hire_date timestamp,
  address varchar(70), city varchar(40), state varchar(40), country varchar(40), postal_code varchar(10),
  phone varchar(24), fax varchar(24), email varchar(60)
);
CREATE TABLE customer (
  customer_id int PRIMARY KEY, first_name varchar(40) NOT NULL, last_name varchar(20) NOT NULL,
  company varchar(80), address varchar(70), city varchar(40), state varchar(40), country varchar(40),
  postal_code varchar(10), phone varchar(24), fax varchar(24), email varchar(60) NOT NULL,
  support_rep_id int REFERENCES employee
);
CREATE TABLE invoice (
  invoice_id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer, invoice_date timestamp NOT NULL,
  billing_address varchar(70), billing_city varchar(40), billing_state varchar(40),
  billing_country varchar(40), billing_postal_code varchar(10), total numeric(10, 2) NOT NULL
);
CREATE TABLE invoice_line (
  invoice_line_id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoice,
  track_id int NOT NULL REFERENCES track, unit_price numeric(10, 2) NOT NULL, quantity int NOT NULL
);

INSERT INTO artist SELECT n, 'The Artist of Number ' || n FROM generate_series(1, 275) n;
INSERT INTO album SELECT n, 'Songs of the Year, Part ' || n, n % 275 + 1 FROM generate_series(1, 347) n;
INSERT INTO genre SELECT n, 'Genre ' || n FROM generate_series(1, 25) n;
INSERT INTO media_type SELECT n, 'Audio file ' || n FROM generate_series(1, 5) n;
INSERT INTO track
SELECT n, 'A Song of Some Length ' || n, n * 347 / 3504 + 1, n % 5 + 1, n * n % 25 + 1,
  CASE WHEN n % 4 > 0 THEN 'Composer ' || n % 853 END, 100000 + n * 7919 % 400000, 3000000 + n * 104729 % 9000000,
  CASE WHEN n % 16 = 0 THEN 1.99 ELSE 0.99 END
FROM generate_series(1, 3503) n;
INSERT INTO playlist SELECT n, 'Playlist ' || n FROM generate_series(1, 18) n;
INSERT INTO playlist_track SELECT n % 18 + 1, n / 18 * 7 + 1 FROM generate_series(0, 8714) n;
INSERT INTO employee
SELECT n, 'Last' || n, 'First' || n, CASE WHEN n IN (3, 4, 5) THEN 'Sales Support Agent' ELSE 'Manager' END,
  CASE WHEN n > 1 THEN 1 + n / 5 END, '1970-01-01'::timestamp + n * interval '400 days',
  '2002-01-01'::timestamp + n * interval '90 days', n || ' Street SW', 'Calgary', 'AB', 'Canada', 'T2P 2T3',
  '+1 (403) 555-010' || n, NULL, 'employee' || n || '@example.com'
FROM generate_series(1, 8) n;
INSERT INTO customer
SELECT n, 'First' || n, 'Last' || n, CASE WHEN n % 6 = 0 THEN 'Company ' || n END, n || ' Main Street',
  'City ' || n, NULL, CASE WHEN n <= 13 THEN 'USA' WHEN n <= 21 THEN 'Canada' ELSE 'Country ' || n % 22 END,
  (10000 + n)::text, '+1 555 01' || n, NULL, 'customer' || n || '@example.com', n % 3 + 3
FROM generate_series(1, 59) n;
INSERT INTO invoice
SELECT n, customer_id, '2021-01-01'::timestamp + n * interval '106 hours', address, city, state, country,
  postal_code, 0
FROM generate_series(1, 412) n JOIN customer ON customer_id = n * 7 % 59 + 1;
INSERT INTO invoice_line
SELECT n, invoice_id, track_id, unit_price, 1
FROM generate_series(1, 2240) n
JOIN invoice ON invoice_id = (n - 1) * 412 / 2240 + 1 JOIN track ON track_id = n * 31 % 3503 + 1;
UPDATE invoice SET total = (
  SELECT sum(unit_price * quantity) FROM invoice_line WHERE invoice_line.invoice_id = invoice.invoice_id
);

CREATE INDEX ON album (artist_id);
CREATE INDEX ON customer (support_rep_id);
CREATE INDEX ON employee (reports_to);
CREATE INDEX ON invoice (customer_id);
CREATE INDEX ON invoice_line (invoice_id);
CREATE INDEX ON invoice_line (track_id);
CREATE INDEX ON playlist_track (playlist_id);
CREATE INDEX ON playlist_track (track_id);
CREATE INDEX ON track (album_id);
CREATE INDEX ON track (genre_id);
CREATE INDEX ON track (media_type_id);
