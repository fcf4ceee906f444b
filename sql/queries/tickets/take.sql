-- An agent begins to write a reply: a ticket that nobody has is theirs, where the tenant
-- wants that. Who has it then.
-- => json
-- writes
-- :number path bigint
select app.take_by_writing(:'number')
