-- An article was enough: no ticket.
-- => json
-- writes
-- :id path bigint
select app.article_solved(:'id')
