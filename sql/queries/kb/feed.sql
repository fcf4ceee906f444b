-- What is new in a language, for the feed.
-- => json
-- reads
-- :lang path text 2..40
select app.feed_articles(:'lang')
