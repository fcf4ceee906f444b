-- Pictures count as storage: those that are there already.
insert into app.usage as u (tenant_id, day, storage)
  select p.tenant_id, current_date, sum(octet_length(p.bytes)) from app.pictures p group by 1
  on conflict (tenant_id, day) do update set storage = u.storage + excluded.storage;
