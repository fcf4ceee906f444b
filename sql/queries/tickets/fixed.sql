-- What a customer says of the release that their ticket waited for.
-- => json
-- writes
-- :number path bigint
-- :fixed body boolean
-- :body body text? 0..65536b
-- :html made text
select app.answer_release(:'number', :'fixed', :'body', :'html')
