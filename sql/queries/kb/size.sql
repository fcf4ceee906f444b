-- How much an export of the knowledge base holds.
-- => json
-- reads
-- :section query text? 1..32
-- :language query text? 2..35
-- :portal query bigint?
select app.export_size(:'section', :'language', :'portal')
