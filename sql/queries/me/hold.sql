-- For how many seconds one can take back what one sends.
-- => json
-- writes
-- :seconds body int 0..30
select app.choose_hold(:'seconds')
