-- All groups of words that mean the same to a search of articles.
-- => json
-- reads
select app.list_synonyms()
