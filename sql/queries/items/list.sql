-- What engineers work on: the newest whose key or title has these letters.
-- => json
-- reads
-- :q query text? 1..80
-- :state query text? open|done|dropped|awaited
select app.list_items(:'q', :'state')
