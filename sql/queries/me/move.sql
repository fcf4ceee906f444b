-- Asks for another address: a link goes to the old one and to the new one.
-- => json
-- writes
-- :email body text 1..254
select app.ask_move(:'email')
