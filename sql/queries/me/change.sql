-- What a person says of themselves; what is left out is taken away.
-- => json
-- writes
-- :given body text? 0..100
-- :family body text? 0..100
-- :job_title body text? 0..120
-- :phone body text? 0..40
-- :locale body text 2..20
-- :time_zone body text 1..64
select app.change_profile(:'given', :'family', :'job_title', :'phone', :'locale', :'time_zone')
