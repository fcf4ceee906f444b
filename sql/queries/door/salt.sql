-- Salt and cost of an address's password, made up for an unknown one.
-- => json
-- reads
-- :host made text
-- :email form text 1..254
select auth.password_salt(:'host', :'email')
