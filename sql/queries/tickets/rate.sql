-- What one thinks of the answer; the last word counts.
-- => json
-- writes
-- :number path bigint
-- :score body int 1..5
-- :words body text? 0..2000
select app.rate_ticket(:'number', :'score', :'words')
