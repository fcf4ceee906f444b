-- Some of what is sealed under the proof pool's keys, for the doctor.
-- => json
-- reads
select auth.operator_sealed()
