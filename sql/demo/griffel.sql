-- Griffel: a platform for schools. Its customers are municipalities, their
-- schools are sub-portals. One municipality is looked after by a partner.

begin;
insert into app.tenants (slug, name, created_at)
  values ('griffel', 'Griffel', now() - interval '402 days');
select auth.set_context(tenant_id, null, null, null, null, 0::smallint, '{}', false)
  from app.tenants where slug = 'griffel' \g /dev/null
insert into app.ticket_counters values (auth.tenant_id(), 1000);

insert into app.accounts (tenant_id, name, is_partner)
  values (auth.tenant_id(), 'Skolstöd IT AB', true);
insert into app.accounts (tenant_id, name, partner_id)
  select auth.tenant_id(), name, pg_temp.account(partner)
  from (values
    ('Almvik kommun', 'Skolstöd IT AB'),
    ('Comune di Roccaverde', null),
    ('Stadt Ahornau', null)) v (name, partner);

with v (slug, account, name, locale, brand, brand_bg, round, mail_name) as (values
  ('griffel-desk', null, 'Griffel Support', 'en', '#3b4c8c', '#20284d', 1, 'Griffel Support'),
  ('skolstod', 'Skolstöd IT AB', 'Skolstöd IT', 'sv', '#7a4a12', '#3a2509', 0, null),
  ('almvik', 'Almvik kommun', 'Almvik kommun', 'sv', '#1f6f8b', '#0f3d4e', 1, 'Skolsupport Almvik'),
  ('roccaverde', 'Comune di Roccaverde', 'Comune di Roccaverde', 'it', '#2e7d4f', '#17402a', 2, 'Assistenza scuole Roccaverde'),
  ('ahornau', 'Stadt Ahornau', 'Stadt Ahornau', 'de', '#b3261e', '#4a1512', 0, 'Schulsupport Ahornau')),
made as (
  insert into app.portals (tenant_id, account_id, name, locale)
    select auth.tenant_id(), pg_temp.account(account), name, locale from v
    returning id, name, account_id),
looks as (
  insert into app.looks (tenant_id, scope, portal_id, brand, brand_bg, round, mail_name)
    select auth.tenant_id(), case when made.account_id is null then 0 else made.id * 2 + 1 end,
      case when made.account_id is not null then made.id end, brand, brand_bg, round::smallint, mail_name
    from made join v using (name))
insert into app.hosts (tenant_id, host, portal_id)
  select auth.tenant_id(), v.slug || '.localhost', made.id from made join v using (name);

with v (slug, parent, name, locale, brand, brand_bg, round) as (values
  ('ekbacken', 'almvik', 'Ekbackens skola', 'sv', '#8a5a00', '#f2c14e', 2),
  ('sjoangen', 'almvik', 'Sjöängens gymnasium', 'sv', '#155e75', '#083344', 0),
  ('betulle', 'roccaverde', 'Scuola primaria Le Betulle', 'it', '#6d4c9f', '#3a2660', 2),
  ('tigli', 'roccaverde', 'Scuola media Via dei Tigli', 'it', '#b4531a', '#4d230a', 1),
  ('muehlbach', 'ahornau', 'Grundschule am Mühlbach', 'de', '#00756a', '#003f39', 2),
  ('gymnasium', 'ahornau', 'Gymnasium Ahornau', 'de', '#34406b', '#1b2138', 0)),
made as (
  insert into app.portals (tenant_id, account_id, parent_id, name, locale)
    select auth.tenant_id(), (pg_temp.place(parent)).account_id, (pg_temp.place(parent)).id, name, locale from v
    returning id, name),
looks as (
  insert into app.looks (tenant_id, scope, portal_id, brand, brand_bg, round)
    select auth.tenant_id(), made.id * 2 + 1, made.id, brand, brand_bg, round::smallint from made join v using (name))
insert into app.hosts (tenant_id, host, portal_id)
  select auth.tenant_id(), v.slug || '.localhost', made.id from made join v using (name);

insert into listed (email, name, locale, time_zone, role, place) values
  ('ingrid.sandberg@griffel.example', 'Ingrid Sandberg', 'en', 'Europe/Stockholm', 'tenant_admin', 'griffel-desk'),
  ('chiara.fontana@griffel.example', 'Chiara Fontana', 'it', 'Europe/Rome', 'agent', 'griffel-desk'),
  ('nils.holm@nattjour.example', 'Nils Holm', 'en', 'Europe/Stockholm', 'agent', 'griffel-desk'),
  ('henrik.dahlgren@skolstod.example', 'Henrik Dahlgren', 'sv', 'Europe/Stockholm', 'partner', 'skolstod'),
  ('malin.aberg@skolstod.example', 'Malin Åberg', 'sv', 'Europe/Stockholm', 'partner', 'skolstod'),

  ('emily.carter@sjoangen.example', 'Emily Carter', 'en', 'Europe/Stockholm', 'member', 'sjoangen'),
  ('sofia.lind@post.example', 'Sofia Lind', 'sv', 'Europe/Stockholm', 'member', 'ekbacken'),
  ('yumi.sato@post.example', '佐藤 由美', 'ja', 'Europe/Stockholm', 'member', 'sjoangen'),
  ('lena.bergqvist@almvik.example', 'Lena Bergqvist', 'sv', 'Europe/Stockholm', 'main_user', 'almvik'),
  ('anders.ekstrom@almvik.example', 'Anders Ekström', 'sv', 'Europe/Stockholm', 'account_admin', 'almvik'),
  ('johan.lund@ekbacken.example', 'Johan Lund', 'sv', 'Europe/Stockholm', 'portal_admin', 'ekbacken'),
  ('johan.lund@ekbacken.example', 'Johan Lund', 'sv', 'Europe/Stockholm', 'member', 'sjoangen'),

  ('maria.rossi@posta.example', 'Maria Rossi', 'it', 'Europe/Rome', 'member', 'tigli'),
  ('luca.bruni@betulle.example', 'Luca Bruni', 'it', 'Europe/Rome', 'member', 'betulle'),
  ('giulia.ferri@roccaverde.example', 'Giulia Ferri', 'it', 'Europe/Rome', 'main_user', 'roccaverde'),
  ('paolo.marchetti@roccaverde.example', 'Paolo Marchetti', 'it', 'Europe/Rome', 'account_admin', 'roccaverde'),
  ('elena.conti@betulle.example', 'Elena Conti', 'it', 'Europe/Rome', 'portal_admin', 'betulle'),

  ('clara.vogt@klangtal.example', 'Clara Vogt', 'de', 'Europe/Berlin', 'member', 'muehlbach'),
  ('miriam.schuster@gymnasium-ahornau.example', 'Miriam Schuster', 'de', 'Europe/Berlin', 'member', 'gymnasium'),
  ('thomas.beck@ahornau.example', 'Thomas Beck', 'de', 'Europe/Berlin', 'main_user', 'ahornau'),
  ('katrin.hofmann@ahornau.example', 'Katrin Hofmann', 'de', 'Europe/Berlin', 'account_admin', 'ahornau'),
  ('juergen.adler@gymnasium-ahornau.example', 'Jürgen Adler', 'de', 'Europe/Berlin', 'portal_admin', 'gymnasium');
select pg_temp.people(:'salt', :'verifier') \g /dev/null

insert into app.support_contacts (tenant_id, account_id, email, person_id)
  select auth.tenant_id(), pg_temp.account(v.account), v.email, p.id
  from (values
    ('Almvik kommun', 'henrik.dahlgren@skolstod.example'),
    ('Almvik kommun', 'malin.aberg@skolstod.example'),
    ('Almvik kommun', 'it-jour@almvik.example'),
    ('Comune di Roccaverde', 'ced@roccaverde.example'),
    ('Comune di Roccaverde', 'ufficio.scuola@roccaverde.example'),
    ('Stadt Ahornau', 'schul-it@ahornau.example'),
    ('Stadt Ahornau', 'bereitschaft@ahornau.example'),
    ('Skolstöd IT AB', 'drift@skolstod.example'),
    ('Skolstöd IT AB', 'ledning@skolstod.example')) v (account, email)
  left join app.people p on p.tenant_id = auth.tenant_id() and p.email = v.email;

alter table app.comments disable trigger user;
alter table app.tickets disable trigger user;

select pg_temp.ticket(opened, who, place, title, story) from (values
('38 09:12', 'emily', 'sjoangen', 'Cannot sign in after password change', $$
Hello,

I changed my password yesterday as the reminder asked me to. Since this morning the app on my phone says "wrong e-mail or password", although the same password works in the browser.

My first lesson starts at ten and I take attendance on the phone.
@ 25m nils normal =nils
Good morning Emily,

the app kept the old password for the offline mode. Please do this once:

1. Open *Settings* and tap *Sign out everywhere*.
2. Close the app completely.
3. Sign in again with the new password.

Attendance you have already taken offline is not lost: it is sent at the next sign-in.
@ 40m emily | That worked, thank you! Attendance is there as well.
@ 10m nils solved | Glad to hear it. Have a good first lesson.
@ 5d nils closed
$$),
('37 08:40', 'paolo', 'roccaverde', 'Importare le classi dal registro dell''anno scorso', $$
Buongiorno,

vorremmo riprendere le classi dell'anno scorso senza inserirle a mano. Per le due scuole servirebbero:

- le sezioni con il coordinatore
- gli alunni, già promossi alla classe successiva
- i gruppi di lingua, che però cambiano

È possibile farlo in una volta sola?
@ 2h chiara =chiara low
Buongiorno Paolo,

sì. In *Amministrazione → Anno scolastico* c'è «Prepara il nuovo anno»: copia sezioni e alunni nella classe successiva e lascia vuoti i gruppi. Prima di confermare si vede un'anteprima con tutte le differenze; nulla cambia finché non si preme «Applica».

Le consiglio di provare prima con una scuola sola.
@ 1d paolo | Provato con Le Betulle: perfetto. Domani facciamo anche Via dei Tigli.
@ 2h chiara solved | Ottimo. Se nell'anteprima compare qualcosa di strano, mi scriva qui.
@ 6d chiara closed
$$),
('36 10:05', 'juergen', 'gymnasium', 'Klassenarbeiten stehen doppelt im Kalender', $$
Guten Tag,

seit dem Update am Montag stehen alle Klassenarbeiten zweimal im Klassenkalender, einmal mit und einmal ohne Raum. Betroffen sind die Klassen 8a bis 10c, im Lehrerkalender ist alles richtig.
@ 50m ingrid =ingrid high
Guten Tag Herr Adler,

danke für die genaue Beschreibung, wir können das nachstellen. Es betrifft Termine, die vor dem Update ohne Raum angelegt und danach ergänzt wurden. Bitte nichts von Hand löschen, sonst verschwinden beide Einträge.
@ 5m ingrid note | Doppelte entstehen beim Abgleich: der alte Schlüssel enthält keinen Raum. Entwicklung hat es als GR-2214, kommt mit 5.3.2.
@ 1d juergen | Verstanden, wir warten. Die Eltern fragen natürlich nach. Gibt es einen Termin?
@ 3h ingrid closed_escalated | Die Korrektur ist in Version 5.3.2 enthalten, die wir am Donnerstagabend einspielen. Die doppelten Einträge werden dabei zusammengeführt.
@ 3d ingrid solved
Version 5.3.2 läuft seit gestern Abend. Im Kalender der 8a bis 10c steht jede Arbeit wieder einmal, mit Raum. Falls Ihnen noch ein Rest auffällt, antworten Sie einfach hier.
$$),
('35 13:20', 'sofia', 'ekbacken', 'Eleverna i åk 4 ser inte läxan', $$
Hej!

Jag har lagt ut veckans läxa i svenska för 4B, men bara hälften av eleverna ser den. I min vy står det "synlig för alla".
@ 1h nils normal =nils
Hej Sofia,

läxan är utlagd i gruppen **4B Svenska**, och där finns 12 av 23 elever. De övriga ligger kvar i förra terminens grupp. Jag har inte ändrat något; ska jag flytta dem?
@ 30m sofia | Ja tack! Det var rörigt i augusti när klasserna gjordes om.
@ 15m nils solved | Klart. Alla 23 är nu med i gruppen och ser läxan.
@ 4d nils closed
$$),
('34 09:30', 'lena', 'almvik', 'Faktura med fel referens', $$
Hej, fakturan för kvartal 3 har referensen till gymnasieförvaltningen. Den ska gå till grundskolan, referens 4410. Kan ni kreditera och skicka en ny?
@ 3h ingrid low =ingrid | Hej Lena, det ordnar vi. Den nya fakturan får samma förfallodag. Gäller referens 4410 även framöver för Ekbacken?
@ 1h lena | Ja, för Ekbacken alltid 4410 och för Sjöängen 4420.
@ 1d ingrid solved | Kreditfaktura och ny faktura är skickade, och båda referenserna är sparade på avtalet.
@ 7d ingrid closed
$$),
('33 18:15', 'maria', 'tigli', 'Il colloquio con i genitori risulta già prenotato', $$
Buonasera,

sono la rappresentante della 2C. Provo a prenotare il colloquio con la prof. di scienze per giovedì alle 17:10 e mi dice «già prenotato», ma la professoressa mi conferma che lo spazio è libero.
@ 15h chiara normal =chiara
Buongiorno signora Rossi,

lo spazio era bloccato da una prenotazione non confermata: dopo 30 minuti dovrebbe liberarsi da solo, e in questo caso non è successo. L'ho liberato adesso, può prenotare.
@ 4m chiara note | Terza volta in un mese: il lavoro che libera gli spazi salta la notte del cambio di mese. Segnalato allo sviluppo.
@ 2h maria | Prenotato, grazie mille!
@ 1h chiara solved
@ 5d chiara closed
$$),
('31 10:50', 'thomas', 'ahornau', '214 Konten vor dem Schuljahr ändern', $$
Guten Tag,

zum neuen Schuljahr wechseln viele Lehrkräfte die Schule. Ich habe eine Liste mit 214 Konten. Muss ich jedes einzeln öffnen?
@ 1h ingrid normal =ingrid
Guten Tag Herr Beck,

nein. Laden Sie unter *Verwaltung → Personen → Sammeländerung* eine CSV-Datei hoch. Die Spalten:

| Spalte | Bedeutung | Pflicht | Länge |
| --- | --- | :-: | --: |
| `email` | daran wird die Person erkannt | ja | 254 |
| `schule` | Kürzel der neuen Schule | ja | 12 |
| `rolle` | `lehrkraft`, `leitung`, `verwaltung` | nein | 20 |
| `ab` | Datum, ab dem es gilt | nein | 10 |

Vor dem Anwenden zeigt die Seite, was sich ändern würde. Zeilen mit Fehlern werden rot markiert und übersprungen.
@ 1d thomas
Hat mit 209 Zeilen geklappt. Fünf sind rot: "Person gehört zu zwei Schulen". Was mache ich mit denen?
@ 2h ingrid | Bei diesen fünf bitte in der Spalte `schule` beide Kürzel mit Komma angeben, zum Beispiel `GMB,GYM`. Dann bleibt die zweite Zuordnung erhalten.
@ 40m thomas | Perfekt, alle durch. Das spart mir eine Woche!
@ 30m ingrid solved | Das freut mich. Einen guten Start ins Schuljahr!
$$),
('30 11:10', 'yumi', 'sjoangen', '保護者会の案内が文字化けする', $$
お世話になっております。補習クラスの佐藤です。

保護者会の案内(PDF)をメールで送ると、件名の日本語が「?????」になると保護者から連絡がありました。本文は正しく表示されています。
@ 3h chiara normal =chiara
佐藤様

ご連絡ありがとうございます。翻訳ツールを使って日本語でお返事しております。

件名の文字化けを確認しました。学校のメール署名に古い文字コードが設定されていることが原因です。設定を UTF-8 に変更しましたので、もう一度テスト送信をお願いできますでしょうか。
@ 1d yumi | テスト送信したところ、件名も正しく表示されました。ありがとうございました。
@ 2h chiara solved | ご確認ありがとうございます。解決済みにいたします。
@ 6d chiara closed
$$),
('29 19:40', 'clara', 'muehlbach', 'Elternvertretung sieht die Klasse 3b nicht', $$
Hallo zusammen,

ich bin seit dieser Woche Elternvertreterin der 3b und sollte dort Nachrichten an die Eltern schreiben können. In der Auswahl steht aber nur die 1a, aus der Zeit meiner großen Tochter.
@ 14h ingrid low =ingrid
Guten Morgen Frau Vogt,

die Schule hat Sie für das vergangene Jahr eingetragen. Ich darf das Amt nicht selbst ändern, habe aber dem Sekretariat den Weg geschickt: *Klasse 3b → Ämter → Elternvertretung*.
@ 1d clara | Das Sekretariat hat es geändert, jetzt geht es. Danke für die schnelle Hilfe!
@ 20m ingrid solved
@ 5d ingrid closed
$$),
('28 07:35', 'johan', 'ekbacken', 'Nytt schema syns inte i appen', $$
Godmorgon! Vi publicerade det nya schemat i går kväll. På webben är allt rätt, men i appen ser elever och lärare fortfarande det gamla. Halva skolan gick till fel sal i morse.
@ 12m nils urgent =nils | Godmorgon Johan, vi ser det och tittar på det direkt.
@ 25m nils note | Appens cache har ETag från den gamla publiceringen. Tömde mellanlagret för Ekbacken, 412 enheter har hämtat på nytt.
@ 6m nils high | Nu är det åtgärdat från vår sida. Be alla dra ned schemat en gång i appen, så hämtas det nya. Kan du bekräfta?
@ 35m johan | Bekräftar, det nya schemat syns överallt.
@ 1h nils solved
Bra. Orsaken var ett mellanlager som inte märkte att två publiceringar kom inom samma minut. Vi har lagt in en spärr så att det inte händer igen.
@ 5d nils closed
$$),
('27 15:05', 'luca', 'betulle', 'Le foto della gita non si caricano', $$
Buon pomeriggio, ho 48 foto della gita al lago da mettere nell'album della classe. Dopo la decima il caricamento si ferma e resta al 21 %.
@ 2h chiara normal =chiara | Buon pomeriggio Luca. Le foto vengono da un iPhone? In che formato sono (HEIC o JPEG)?
@ 3h luca | Sì, iPhone. Non so il formato, le ho prese così come sono.
@ 16h chiara on_hold
Grazie. Con le foto HEIC la conversione va in coda e oggi la coda è lenta. Stiamo passando a un convertitore nuovo, previsto per fine mese; fino ad allora consiglio di caricarne al massimo dieci per volta. Tengo aperta la richiesta e La avviso.
@ 2m chiara note | Legata a GR-2190 (convertitore HEIC). Da richiamare dopo il rilascio.
$$),
('26 09:00', 'giulia', 'roccaverde', 'Fatturazione: manca il numero d''ordine', $$
Buongiorno, nella fattura di settembre manca il numero d'ordine 2026/318. Senza quello la ragioneria non può pagare.
@ 4h chiara low =chiara | Buongiorno Giulia, ho passato la richiesta all'amministrazione: domani riceverà la fattura corretta attraverso il sistema di interscambio.
@ 1d giulia | Arrivata, grazie.
@ 2h chiara solved
@ 6d chiara closed
$$),
('25 14:25', 'miriam', 'gymnasium', 'Notenimport per CSV bricht bei Zeile 57 ab', $$
Guten Tag,

beim Import der Halbjahresnoten (Datei aus der Schulverwaltung) kommt immer diese Meldung:

```
Zeile 57: Feld "note" erwartet 0-15, gefunden "2,3"
Abbruch. 56 von 118 Zeilen gelesen, keine gespeichert.
```

Die ersten 56 Zeilen sind Oberstufe mit Punkten, ab Zeile 57 kommt die Mittelstufe mit Noten.
@ 1h ingrid normal =ingrid
Guten Tag Frau Schuster,

in einer Datei kann nur eine Skala stehen. Am einfachsten geben Sie sie je Zeile an; dazu braucht es eine weitere Spalte:

```
schueler;fach;skala;note
10231;D;punkte;11
20417;D;noten;2,3
```

Dann liest der Import beides in einem Durchgang.
@ 50m miriam | Das war es. Alle 118 Zeilen gespeichert, **vielen Dank**!
@ 10m ingrid solved | Sehr gern. Ich habe die Meldung bei uns zur Verbesserung notiert: Sie sollte die Lösung gleich nennen.
$$),
('24 16:10', 'emily', 'sjoangen', 'Export stops at 50 %', $$
I am trying to export all assignments of the IB class for the external examiner. The progress bar goes to 50 % and then says "export interrupted". I have tried three times, in two browsers.
@ 2h nils normal =nils | Hi Emily, sorry about that. How large is the class folder, roughly? And does any assignment contain video?
@ 1h emily | About 6 GB. Yes, the students recorded their orals.
@ 20m nils note | Zip writer has a 4 GiB limit per archive (no Zip64). Known as GR-2101, fix is in 5.4.
@ 10m nils high closed_escalated
Thank you. Archives above 4 GB break at the moment; the fix is part of our next release. Until then you can export the videos and the rest separately with the filter *File type*. Would that do for the examiner?
@ 1d emily | It would, and I have done it that way. Please still tell me when it is fixed.
@ 9d nils solved
Version 5.4 is live since this morning and exports of any size work again, videos included. Thank you for your patience!
$$),
('22 10:15', 'anders', 'almvik', 'Lägg till modersmål som ämne', $$
Hej,

vi behöver ämnena modersmål somaliska, tigrinja och finska i ämneslistan, med samma betygsskala som övriga språk.
@ 4h nils low =ingrid | Hej Anders, ämneslistan följer den nationella katalogen. Jag lämnar över till Ingrid som har hand om den.
@ 1d ingrid on_hold
Hej Anders,

de tre ämnena finns i nästa utgåva av katalogen, som kommer i januari. Vi kan lägga in dem lokalt redan nu, men då måste betygen flyttas för hand i januari. Vad föredrar ni?
@ 2d anders on_hold | Då väntar vi till januari. Låt gärna ärendet vara öppet.
$$),
('21 08:05', 'elena', 'betulle', 'Supplente senza accesso fino a lunedì', $$
Buongiorno, da oggi abbiamo una supplente in 4A (Francesca Neri). La segreteria del Comune inserisce i nuovi utenti solo il lunedì e fino ad allora non può fare l'appello. Come possiamo fare?
@ 20m chiara high =chiara
Buongiorno Elena,

Lei può creare un accesso temporaneo: *Personale → Supplenza → Aggiungi*. Vale al massimo sette giorni, vede solo la classe indicata e lunedì si unisce da solo all'utente vero, se l'indirizzo e-mail è lo stesso.
@ 30m elena | Fatto, funziona. Non sapevo che potessi farlo io!
@ 5m chiara solved
@ 4d chiara closed
$$),
('20 09:45', 'katrin', 'ahornau', 'Liste der Unterauftragnehmer', $$
Guten Tag,

unser Datenschutzbeauftragter bittet um die aktuelle Liste der Unterauftragnehmer und um den Ort der Datenspeicherung.
@ 1d ingrid low =ingrid
Guten Tag Frau Hofmann,

hier die Übersicht, Stand dieses Monats:

- **Rechenzentrum**: Frankfurt am Main, Ausweichstandort Nürnberg
- **Mailversand**: eigener Server im selben Rechenzentrum
- **Fehlermeldungen der App**: eigener Server, ohne personenbezogene Daten

Weitere Unterauftragnehmer gibt es nicht. Das unterschriebene Dokument liegt in Ihrem Portal unter *Verträge*.
@ 2d katrin | Vielen Dank, genau das wurde gebraucht.
@ 1h ingrid solved
$$),
('18 08:20', 'yumi', 'sjoangen', 'ログインできません', $$
昨日からログインできません。パスワードの再設定メールも届きません。

明日は補習クラスの出席を取る必要があります。よろしくお願いいたします。
@ 1h chiara high =chiara
佐藤様

ご不便をおかけして申し訳ございません。再設定メールは送信されていますが、メールサーバーから「受信箱がいっぱいです」と戻ってきています。

お手数ですが、不要なメールを削除してから、もう一度「パスワードをお忘れですか」をお試しください。
@ 5h yumi | 受信箱を整理したところ、メールが届き、ログインできました。ありがとうございます。
@ 20m chiara solved | よかったです。また何かございましたら、お気軽にご連絡ください。
$$),
('17 14:50', 'sofia', 'ekbacken', 'Omdömen försvinner när jag byter flik', $$
Hej, jag skriver omdömen inför utvecklingssamtalen. Om jag byter till fliken "Närvaro" för att kolla något och sedan går tillbaka är texten borta. Jag har förlorat fyra omdömen nu.
@ 45m nils high =nils | Hej Sofia, det låter riktigt tråkigt. Vilken webbläsare använder du, och skriver du i en delad eller egen mall?
@ 30m sofia | Chrome, och det är skolans delade mall "Omdöme åk 4".
@ 1h nils note
Återskapat. Utkastet sparas per mall, inte per elev, när mallen är delad. Texten finns alltså kvar men under fel nyckel. Utkasten går att få fram ur `drafts` för de fyra eleverna.
@ 20m nils
Vi har hittat felet och, ännu bättre, dina fyra texter: de hade sparats som utkast under mallen i stället för under eleven. Jag har lagt tillbaka dem. Rättelsen är under test; spara tills vidare med knappen innan du byter flik.
@ 3h sofia | Åh vad skönt! Tack, jag trodde jag skulle få skriva om allt.
@ 2d nils | En kort lägesrapport: rättelsen är klar och testas av två skolor den här veckan.
$$),
('16 11:30', 'maria', 'tigli', 'Il voto «10 e lode» non si può inserire', $$
Buongiorno, alla prova di musica mio figlio ha avuto «10 e lode» e la professoressa dice che il registro accetta solo numeri. Nella pagella dell'anno scorso però c'era.
@ 1d chiara low =chiara | Buongiorno, la lode si abilita per materia. Chiedo alla scuola se per musica è prevista e Le faccio sapere.
@ 3m chiara note | Scritto a Paolo Marchetti: serve la delibera del collegio docenti.
@ 2d chiara on_hold | La scuola porta la questione al collegio docenti del mese prossimo. Appena decide, attiviamo la lode e il voto si potrà completare.
$$),
('15 12:00', 'thomas', 'ahornau', 'Zwei Geschwister, ein Elternkonto', $$
Eine Mutter hat Kinder an der Grundschule und am Gymnasium und bekommt jede Nachricht der Stadt doppelt. Kann man die beiden Elternkonten zusammenlegen?
@ 3h nils normal =nils
Guten Tag Herr Beck,

ja: Die Mutter meldet sich mit einem der Konten an und wählt *Profil → Weiteres Kind hinzufügen*. Dort gibt sie den Code aus dem Brief der anderen Schule ein. Das zweite Konto wird danach automatisch stillgelegt.
@ 1d thomas | Hat funktioniert. Danke!
@ 15m nils solved
$$),
('14 10:40', 'johan', 'ekbacken', 'Ta bort en elev som har flyttat', $$
Hej! En elev i 6A har flyttat till en annan kommun. Ska jag radera eleven, eller försvinner allt då?
@ 1h malin
Hej Johan, Malin på Skolstöd här. Radera inte! Välj **Avsluta placering** med datum. Då försvinner eleven ur listorna, men betyg och frånvaro finns kvar för arkivet.
@ 40m nils normal =nils | Precis som Malin skriver. Efter avslutet gallras uppgifterna automatiskt enligt er dokumenthanteringsplan, hos er efter tre år.
@ 2h johan | Toppen, då gör jag så.
@ 10m nils solved
$$),
('13 09:25', 'luca', 'betulle', 'Traduzione del modulo per la mensa', $$
Il modulo per le diete speciali esiste solo in italiano. Avremmo bisogno anche di inglese, arabo e ucraino: si può?
@ 5h chiara low =chiara | Buongiorno Luca, i moduli possono avere quante lingue volete. Le traduzioni però devono arrivare dalla scuola: le avete già?
@ 1d luca | L'inglese sì, per le altre chiedo alla mediatrice culturale.
@ 2h chiara blocked | Perfetto. Quando le ha, le alleghi qui e le inseriamo noi. Per l'arabo controlliamo anche l'impaginazione da destra a sinistra.
$$),
('12 07:50', 'lena', 'almvik', 'Inloggningen fungerar inte', $$
Från kommunhuset kommer ingen in i Griffel i dag, varken med BankID eller lösenord. Från mobilen utanför vårt nät går det bra.
@ 10m henrik | Hej, Skolstöd här. Vi kollar brandväggen hos er parallellt.
@ 15m nils urgent =nils | Hej Lena, vi ser inga anrop alls från ert nät sedan 06:40. Henrik, har ni bytt utgående adress?
@ 20m henrik | Ja, i natt. Den nya adressen är 192.0.2.44.
@ 8m nils note | De har en egen lista över tillåtna adresser i kontots inställningar; den nya saknades.
@ 4m nils | Tack! Den nya adressen saknades i er egen lista över tillåtna nät. Anders eller Henrik kan lägga till den under *Säkerhet → Nät*.
@ 25m lena | Nu fungerar det för alla.
@ 5m nils high solved | Fint. Tips: lägg in nya adresser dagen innan ett byte, båda kan gälla samtidigt.
$$),
('11 12:35', 'juergen', 'gymnasium', 'Vertretungen erscheinen erst am nächsten Tag', $$
Guten Tag,

Vertretungen, die wir nach 7 Uhr eintragen, sehen die Schülerinnen und Schüler erst am nächsten Tag. Bis letzte Woche waren sie nach wenigen Minuten da.
@ 1h ingrid normal =ingrid | Guten Tag Herr Adler, tragen Sie die Vertretungen direkt bei uns ein oder kommen sie aus Ihrem Stundenplanprogramm?
@ 2h juergen | Aus dem Stundenplanprogramm, über den nächtlichen Abgleich und zusätzlich von Hand angestoßen.
@ 1d ingrid
Danke. Der von Hand angestoßene Abgleich läuft seit dem 5.4-Update in derselben Warteschlange wie der nächtliche und wartet auf ihn. Wir trennen die beiden wieder.
@ 1m ingrid note | GR-2260, eingeplant für 5.4.1. Umgehung: Abgleich über die Schnittstelle mit `priority=now` anstoßen, haben andere Schulen schon so.
@ 2d juergen | Gibt es bis dahin eine Lösung für den Morgen? Das Telefon im Sekretariat steht nicht still.
@ 1h ingrid | Ja: Ich habe für Ihre Schule einen zusätzlichen Lauf um 7:25 und um 9:30 Uhr eingerichtet, bis die Korrektur da ist.
$$),
('10 15:45', 'emily', 'sjoangen', 'Guardians get every message twice', $$
Several guardians in my class tell me they receive each message twice, once in Swedish and once in English. The content is the same.
@ 3h nils normal =nils | Hi Emily, does this happen with messages you write in the app, on the web, or both?
@ 2h emily | Only with messages from the app, as far as I can tell.
@ 1d nils | Thank you, that narrows it down. The app sends the message once for each language of the *guardian* instead of picking one. Our developers are working on it.
@ 5m nils note closed_escalated | Android only, 5.4.0 and later. iOS build looks right. GR-2271.
$$),
('8 09:10', 'paolo', 'roccaverde', 'Livello di servizio durante gli esami', $$
Buongiorno,

per il periodo degli esami vorremmo concordare tempi di risposta più brevi, anche il sabato mattina. Che cosa potete offrire?
@ 1d ingrid low =ingrid
Buongiorno Paolo,

possiamo offrire per tre settimane:

1. prima risposta entro 30 minuti, dal lunedì al sabato, 7:30–14:00
2. un numero diretto per i coordinatori
3. nessun aggiornamento della piattaforma in quel periodo

Mi servirebbero le date esatte e i nomi di due referenti.
@ 4m ingrid blocked note | Offerta approvata dalla direzione; in attesa delle date.
$$),
('7 13:55', 'miriam', 'gymnasium', 'Mathe-Formeln werden nicht angezeigt', $$
In den Aufgaben für die 9c sehen die Schüler statt der Formel nur den Text dazwischen:

```
\frac{a}{b} = \sqrt{2} & a < b
```

Bei mir im Editor ist alles richtig dargestellt.
@ 2h nils normal =nils
Guten Tag Frau Schuster,

sehen das alle Schüler oder nur die mit Tablets der Schule? Und nach welchem Weg kam die Aufgabe hinein: im Editor geschrieben oder aus einer Datei übernommen?
@ 5m nils blocked
$$),
('6 20:05', 'clara', 'muehlbach', 'Elternbrief: Rückmeldung nur auf Deutsch möglich', $$
Guten Abend, in unserer Klasse sprechen vier Familien noch wenig Deutsch. Der Elternbrief erscheint zwar übersetzt, die Felder der Rückmeldung ("nimmt teil / nimmt nicht teil") aber nur auf Deutsch. Zwei Familien haben deshalb das Falsche angekreuzt.
@ 13h ingrid normal =ingrid | Guten Morgen Frau Vogt, danke für das gute Beispiel, das überzeugt mehr als jede Theorie. Ich gebe es als Wunsch an die Entwicklung und frage nach einem Termin.
@ 1d ingrid on_hold | Die Antwortfelder werden mit Version 5.5 übersetzt, geplant für Januar. Ich lasse die Anfrage so lange stehen und melde mich dann.
$$),
('5 07:15', 'katrin', 'ahornau', 'Login seit heute Morgen nicht möglich', $$
Guten Morgen, seit etwa 6:50 Uhr kommt an beiden Schulen niemand mehr hinein: "Anmeldedienst antwortet nicht". In 40 Minuten beginnt der Unterricht.
@ 6m nils urgent =nils | Guten Morgen Frau Hofmann, wir sehen es und arbeiten daran.
@ 9m nils note | Zertifikat des städtischen Anmeldedienstes ist um 6:47 abgelaufen. Nicht unseres.
@ 3m nils
Die Ursache: Das Zertifikat Ihres städtischen Anmeldedienstes ist um 6:47 Uhr abgelaufen. Bitte geben Sie das an Ihr Rechenzentrum weiter. Damit der Unterricht beginnen kann, haben wir die Anmeldung mit Griffel-Passwort für heute freigeschaltet.
@ 15m katrin | Danke, die Kollegen kommen mit Passwort hinein. Das Rechenzentrum tauscht das Zertifikat gerade.
@ 1h katrin | Neues Zertifikat ist da, der Anmeldedienst läuft wieder.
@ 10m nils high solved | Bestätigt, Anmeldungen laufen. Die Freischaltung für Passwörter endet heute um 18 Uhr von selbst.
$$),
('4 08:05', 'giulia', 'roccaverde', 'Voti fermi durante gli scrutini', $$
Buongiorno, siamo in pieno scrutinio e i voti inseriti dai docenti non arrivano nel tabellone. L'ultimo aggiornamento è delle 7:52. Alle 14 dobbiamo chiudere la 3A e la 3B.
@ 3m chiara urgent =chiara | Buongiorno Giulia, ci siamo. Guardo subito e scrivo qui ogni pochi minuti.
@ 4m chiara | Vedo la coda: 1.140 voti in attesa, nessuno è perso.
@ 2m giulia | Meno male. I docenti possono continuare a inserire?
@ 1m chiara | Sì, tutto viene registrato. È fermo solo il passaggio al tabellone.
@ 3m chiara note | Il processo di sincronizzazione aspetta un lock da 40 minuti. Chiamo Nils.
@ 5m nils note | On it. A report query from the ministry export holds the lock.
@ 2m giulia | In sala sono in dodici, chiedono se devono aspettare o rimandare.
@ 2m chiara | Non rimandate: per le 9 dovremmo ripartire.
@ 4m nils note | Stopped the export. Queue moves: 1140, 1088, 1031 …
@ 1m chiara | La coda ha ricominciato a muoversi: 1.031.
@ 3m giulia | Vedo arrivare i voti di 3A! Matematica e scienze ci sono.
@ 2m chiara | Bene. Quali materie mancano ancora?
@ 3m giulia | Musica, arte, tecnologia. E tutta la 3B.
@ 4m chiara | 3B è in fondo alla coda, circa dieci minuti.
@ 6m chiara | Ora sono 540.
@ 4m giulia | Arte arrivata.
@ 3m paolo | Buongiorno a tutti, seguo anch'io. Serve qualcosa dal Comune?
@ 2m chiara | Grazie Paolo, per ora no. Solo di non avviare altri export fino alle 14.
@ 1m paolo | D'accordo, ho avvisato l'ufficio.
@ 5m chiara | Siamo a 310.
@ 4m giulia | In 3A manca solo musica.
@ 3m chiara | Il docente di musica ha inserito i voti alle 8:31, sono in coda.
@ 4m giulia | Eccoli! 3A completa.
@ 1m chiara | Ottimo. Potete cominciare con la 3A?
@ 2m giulia | Sì, iniziamo ora. La presidente ringrazia.
@ 5m chiara | 120, ci siamo quasi.
@ 4m nils note | Still slow because each grade recomputes the class average. Batch job would take seconds; not touching that today.
@ 3m chiara | 3B: italiano, storia e inglese sono nel tabellone.
@ 6m giulia | Confermo. Mancano matematica, scienze, motoria.
@ 4m chiara | Ancora 35.
@ 3m chiara | Coda vuota. Controlla la 3B, per favore.
@ 5m giulia | Manca ancora motoria.
@ 2m chiara | Guardo.
@ 4m chiara | I voti di motoria non sono in coda: risultano salvati come bozza dal docente.
@ 3m giulia | Lo chiamo.
@ 8m giulia | È in palestra con la 2C, torna alle 10:40.
@ 1m chiara | Nessun problema, la bozza resta. Basta che prema «Pubblica».
@ 3m giulia | Intanto 3A è a metà: il tabellone calcola le medie giuste?
@ 2m chiara | Sì, le ho confrontate con i voti singoli su cinque alunni a campione.
@ 4m giulia | Un caso strano: un'alunna con 7,5 di media e proposta 7.
@ 3m chiara | È la regola dell'istituto: sotto 7,51 si arrotonda per difetto. Si può cambiare in consiglio.
@ 2m giulia | Giusto, lo avevamo deliberato noi. Scusa.
@ 1m chiara | Figurati.
@ 9m giulia | 3A chiusa! Verbale generato.
@ 2m chiara | Complimenti. Il verbale ha la firma digitale della presidente?
@ 3m giulia | Sì, tutto a posto.
@ 11m giulia | Motoria pubblicata dal docente. La vediamo.
@ 1m chiara | E io la vedo nel tabellone: 3B completa.
@ 5m giulia | Iniziamo la 3B.
@ 2m chiara | Resto collegata fino alla fine.
@ 4m nils note | Export may run again after 14:00; I put it on the replica so that it can't hold this lock.
@ 12m giulia | A metà. Nessun problema finora.
@ 9m giulia | Un voto di condotta va corretto, posso farlo dal tabellone?
@ 1m chiara | Sì, con il ruolo di coordinatore: doppio clic sulla cella, poi il motivo.
@ 3m giulia | Fatto.
@ 14m giulia | 3B chiusa, verbale generato. Sono le 12:06!
@ 1m chiara | Due ore di anticipo. Bravissimi.
@ 2m paolo | Grazie a tutti, ottimo lavoro.
@ 4m chiara high
Riassumo per il registro:

- **causa**: un export ministeriale bloccava il passaggio dei voti al tabellone
- **durata**: dalle 7:52 alle 8:32, poi recupero fino alle 10 circa
- **dati persi**: nessuno
- **rimedio**: l'export ora lavora su una copia e non può più bloccare gli scrutini
@ 6m giulia | Perfetto, lo allego alla relazione. Per noi è risolto.
@ 3m chiara solved | Grazie a voi. Buona fine degli scrutini!
$$),
('3 11:20', 'anders', 'almvik', 'Behörighet för ny rektor', $$
Hej, Sjöängen får en ny rektor på måndag. Hon ska se allt på skolan men inte lönesamtalen från tidigare rektor. Vilken roll ska hon ha?
@ 2h nils normal =nils | Hej Anders! Rollen **Skolledare** räcker. Samtal som är markerade "endast rektor" följer personen, inte rollen, så de gamla syns inte för henne.
@ 20h anders | Bra. Kan ni förbereda så att det gäller från måndag 06:00?
@ 1h nils | Ja, jag lägger in det i dag med startdatum måndag och skriver här när det är klart.
@ 3m nils note | Väntar på hennes e-postadress från Henrik.
$$),
('20h', 'elena', 'betulle', 'Circolare pubblicata due volte', $$
Buongiorno, la circolare n. 42 sullo sciopero compare due volte ai genitori, una con la data di ieri. Posso cancellarne una o si perdono le conferme di lettura?
@ 2h chiara normal =chiara
Buongiorno Elena, aspetti a cancellare: le conferme sono divise fra le due copie (131 e 88). Le unisco io, poi ne resta una sola con tutte le 219 conferme.
@ 30m elena | Grazie, aspetto.
@ 1h chiara note | Unione delle conferme in corso con lo script `merge-circulars`; controllare i doppioni domattina.
$$),
('9h', 'yumi', 'sjoangen', '欠席連絡の締め切り時刻について', $$
お世話になっております。

欠席連絡の締め切りが午前7時になっていますが、補習クラスは土曜日の10時開始です。土曜日だけ締め切りを9時に変更することはできますか。
$$),
('4h', 'sofia', 'ekbacken', 'Kan inte ladda upp filmer större än 200 MB', $$
Hej! Eleverna har gjort stop motion-filmer och tre av dem är större än 200 MB. Går gränsen att höja, eller finns det något annat sätt att visa dem för föräldrarna?
@ 40m henrik | Hej Sofia! Vi på Skolstöd kan hjälpa er att komprimera filmerna om det är bråttom, men jag låter Griffel svara om gränsen.
$$),
('70m', 'thomas', 'ahornau', 'Zeugnisdruck: Wappen fehlt auf Seite 2', $$
Guten Tag,

beim Probedruck der Halbjahreszeugnisse fehlt auf der zweiten Seite das Stadtwappen. Seite 1 ist in Ordnung. Gedruckt wird am **Freitag**, es eilt also ein wenig.

Schritte:

1. *Zeugnisse → Probedruck*
2. Vorlage "Gymnasium Sek I"
3. Seite 2 ansehen
@ 20m ingrid note high | Vorlage hat auf Seite 2 noch das alte Bildformat. Wer übernimmt?
$$)) v (opened, who, place, title, story) \g /dev/null

alter table app.comments enable trigger user;
alter table app.tickets enable trigger user;
commit;

-- What is promised comes before what was told of it.
\ir calendars.sql
\ir service_level.sql
begin;
select auth.set_context(tenant_id, null, null, null, null, 0::smallint, '{}', false)
  from app.tenants where slug = 'griffel' \g /dev/null
select pg_temp.record() \g /dev/null

-- Roccaverde has let support into one school, where Nils has been; Ahornau is
-- asked.
with g as (
  insert into app.grants (tenant_id, account_id, portals, reason, granted_by, created_at, ends_at)
    select po.tenant_id, po.account_id, array[po.id], 'La circolare è uscita due volte: guardate le impostazioni della bacheca.',
      (pg_temp.person('paolo')).id, now() - interval '19 hours', now() + interval '3 days'
    from pg_temp.place('betulle') po
    returning *),
happening (kind, who, at, portal) as (values
  ('opened', 'paolo', interval '19 hours', null), ('entered', 'nils', interval '18 hours', 'betulle'),
  ('left', 'nils', interval '17 hours 50 minutes', 'betulle')),
e as (
  insert into app.events (tenant_id, kind, actor_id, account_id, data, created_at)
    select g.tenant_id, 'grant.' || h.kind, (pg_temp.person(h.who)).id, g.account_id,
      jsonb_strip_nulls(jsonb_build_object('grant', g.id, 'until', g.ends_at,
        'portal', case when h.portal is not null then g.portals[1] end)), now() - h.at
    from g, happening h)
insert into app.grant_visits (tenant_id, grant_id, account_id, portal_id, person_id, page, created_at)
  select g.tenant_id, g.id, g.account_id, g.portals[1], (pg_temp.person('nils')).id, p.page, now() - p.at
  from g, (values ('/', interval '17 hours 59 minutes'), ('/tickets', interval '17 hours 55 minutes')) p (page, at);
with r as (
  insert into app.grant_requests (tenant_id, account_id, ticket_id, portals, reason, days, asked_by, created_at)
    select t.tenant_id, t.account_id, t.id, array[t.portal_id], 'Um die Vorlage von Seite 2 selbst anzusehen.', 2,
      (pg_temp.person('nils')).id, now() - interval '15 minutes'
    from app.tickets t
    where t.tenant_id = auth.tenant_id() and t.title = 'Zeugnisdruck: Wappen fehlt auf Seite 2'
    returning *)
insert into app.events (tenant_id, kind, actor_id, ticket_id, account_id, created_at)
  select r.tenant_id, 'grant.requested', r.asked_by, r.ticket_id, r.account_id, r.created_at from r;
commit;
