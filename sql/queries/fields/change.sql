-- Its texts and options, each only when it is given; archived is asked no more.
-- => json
-- writes
-- :field path text 1..40
-- :labels body jsonb? 0..8000b
-- :help body jsonb? 0..16000b
-- :options body jsonb? 0..65536b
-- :archived body boolean?
select app.save_field(:'field', false, null, :'labels', :'help', :'options', :'archived')
