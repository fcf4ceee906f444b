-- Links of live articles that lead nowhere, or further than their readers may follow.
-- => json
-- reads
-- :trouble query text? gone|unpublished|narrower|heading|missing|unreachable
-- :page query int? 1..20
select app.link_report(:'trouble', :'page')
