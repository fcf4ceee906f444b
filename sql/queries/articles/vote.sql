-- Whether an article was helpful, and what there is to say; once a person.
-- => json
-- writes
-- :id path bigint
-- :helpful body boolean
-- :comment body text? 0..2000
-- :chosen asked text?
-- :browser asked text?
select app.vote_article(:'id', :'helpful', :'comment', app.reading(:'chosen', :'browser'))
