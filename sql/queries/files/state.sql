-- One that is not attached yet: how far it has come.
-- => json
-- reads
-- :id path bigint
select app.shown_file(f) from app.files f where f.id = :'id' and f.ticket_id is null and f.article_id is null
