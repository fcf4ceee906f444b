-- What happens to a draft, or to what is live of a language.
-- => json
-- writes
-- :id path bigint
-- :language path text 2..40
-- :act body text review|approve|refuse|publish|unpublish|discard
-- :at body text? 0..40
select app.act_on_text(:'id', :'language', :'act', app.article_time(:'at', 'at'))
