-- Whom an answer may name: people of a ticket's account, or of the one here, whose
-- name begins so; person: one of them.
-- => json
-- reads
-- :q query text? 1..100
-- :ticket query bigint?
-- :person query bigint?
select app.find_members(:'q', :'ticket', :'person')
