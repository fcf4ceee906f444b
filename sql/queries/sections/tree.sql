-- All sections as their writers see them.
-- => json
-- reads
select app.knowledge_desk()
