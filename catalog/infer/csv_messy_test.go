package infer

import (
	"encoding/json"
	"os"
	"testing"
)

// TestCSVMessy reads files as people and instruments write them: with several header lines, notes, totals, tables below each
// other, numbers and dates of many countries, and rows that are broken.
func TestCSVMessy(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"two header rows", ",2019,,2020,\nname,min,max,min,max\na,1,2,3,4\nb,5,6,7,8\n", "own 2 header lines 2 rows: name VARCHAR [a b], 2019_min BIGINT [1 5], 2019_max BIGINT [2 6], 2020_min BIGINT [3 7], 2020_max BIGINT [4 8]"},
		{"units", "time,speed,mass\n(s),(m/s),(kg)\n1,2.5,3\n2,3.5,4\n", "own 2 header lines 2 rows: time_(s) BIGINT [1 2], speed_(m/s) DOUBLE [2.5 3.5], mass_(kg) BIGINT [3 4]"},
		{"units words", "time,speed,mass\ns,m/s,kg\n1,2.5,3\n2,3.5,4\n", "own 2 header lines 2 rows: time_s BIGINT [1 2], speed_m/s DOUBLE [2.5 3.5], mass_kg BIGINT [3 4]"},
		{"types row", "id,name,born\nint,text,date\n1,ann,2020-01-01\n2,bob,2020-01-02\n", "own 2 header lines 2 rows: id_int BIGINT [1 2], name_text VARCHAR [ann bob], born_date DATE [2020-01-01 2020-01-02]"},
		{"footer total", "id,name,v\n1,a,2\n2,b,3\nTotal,,5\n", "own end 4 2 rows: id BIGINT [1 2], name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 line is behind the table, from line 4 on, passed over, the first is \"Total,,5\""},
		{"footer total apart", "name,v\na,2\nb,3\n\nTotal,5\n", "own end 5 2 rows: name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 line is behind the table, from line 5 on, passed over, the first is \"Total,5\""},
		{"footer note", "id,name,v\n1,a,2\n2,b,3\n\nSource: office\n", "own end 5 2 rows: id BIGINT [1 2], name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 line is behind the table, from line 5 on, passed over, the first is \"Source: office\""},
		{"footer note 2", "id,name,v\n1,a,2\n2,b,3\nEnd of file\n", "own end 4 2 rows: id BIGINT [1 2], name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 line is behind the table, from line 4 on, passed over, the first is \"End of file\""},
		{"footer 2 cols", "name,v\na,2\nb,3\n\nSource: office\n", "own end 5 2 rows: name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 line is behind the table, from line 5 on, passed over, the first is \"Source: office\""},
		{"footer commas", "id,name,v\n1,a,2\n2,b,3\nSource: office, 2020\n", "own end 4 2 rows: id BIGINT [1 2], name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 line is behind the table, from line 4 on, passed over, the first is \"Source: office, 2020\""},
		{"stacked diff", "a,b,c\n1,2,3\n4,5,6\n\nx,y\nfoo,1\nbar,2\n", "own end 5 2 rows: a BIGINT [1 4], b BIGINT [2 5], c BIGINT [3 6]\nnotice: 3 rows are malformed and not part of the table; the first is on line 5: it belongs to a second table, which begins on line 5\nnotice: a second table begins on line 5; its 3 lines are not part of this one\nreject 5 : it belongs to a second table, which begins on line 5: \"x,y\"\nreject 6 : it belongs to a second table, which begins on line 5: \"foo,1\"\nreject 7 : it belongs to a second table, which begins on line 5: \"bar,2\""},
		{"stacked wider", "x,y\nfoo,1\nbar,2\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", "skip 4 3 rows: a BIGINT [1 7], b BIGINT [2 8], c BIGINT [3 9]\nnotice: 4 lines before the table are passed over, the first is \"x,y\""},
		{"stacked same", "id,v\n1,2\n4,5\n\nkey,name\n7,foo\n8,bar\n", "own end 5 2 rows: id BIGINT [1 4], v BIGINT [2 5]\nnotice: 3 rows are malformed and not part of the table; the first is on line 5: it belongs to a second table, which begins on line 5\nnotice: a second table begins on line 5; its 3 lines are not part of this one\nreject 5 : it belongs to a second table, which begins on line 5: \"key,name\"\nreject 6 : it belongs to a second table, which begins on line 5: \"7,foo\"\nreject 7 : it belongs to a second table, which begins on line 5: \"8,bar\""},
		{"repeated header", "id,v\n1,2\nid,v\n4,5\n", "own 2 rows: id BIGINT [1 4], v BIGINT [2 5]\nnotice: 1 row is malformed and not part of the table; the first is on line 3: it repeats the header\nreject 3 : it repeats the header: \"id,v\""},
		{"one bad quote", "id,name,v\n1,a,2\n2,\"b,3\n3,c,4\n4,\"d\",5\n5,e,6\n", "own 4 rows: id BIGINT [1 5], name VARCHAR [a e], v BIGINT [2 6]\nnotice: 1 row is malformed and not part of the table; the first is on line 3: text follows a closing quote on line 5\nreject 3 : text follows a closing quote on line 5: \"2,\\\"b,3\""},
		{"bad quote middle multi", "id,name,v\n1,\"a\nb\",2\n2,\"b \"x\" y\",3\n3,c,4\n", "own 2 rows: id BIGINT [1 3], name VARCHAR [a\nb c], v BIGINT [2 4]\nnotice: 1 line end stands inside quotes, so that the file has 5 lines for 2 rows\nnotice: 1 row is malformed and not part of the table; the first is on line 4: text follows a closing quote\nreject 4 : text follows a closing quote: \"2,\\\"b \\\"x\\\" y\\\",3\""},
		{"decimal comma", "n;p\na;1,5\nb;22,75\nc;3,25\n", "delim \";\" own 3 rows: n VARCHAR [a c], p DOUBLE {\"decimal\":\",\",\"thousands\":\".\"} [1.5 22.75]"},
		{"decimal comma thousands", "n;p\na;1.234,50\nb;22,75\nc;3,25\n", "delim \";\" own 3 rows: n VARCHAR [a c], p DECIMAL(18,2) {\"decimal\":\",\",\"thousands\":\".\"} [3.25 1234.5]"},
		{"us thousands", "n,p\na,\"1,234\"\nb,\"22,750\"\nc,\"1,234,567\"\n", "own 3 rows: n VARCHAR [a c], p BIGINT {\"decimal\":\".\",\"thousands\":\",\"} [1234 1234567]"},
		{"us ambiguous", "n,p\na,\"1,234\"\nb,\"22,750\"\nc,\"1,567\"\n", "own 3 rows: n VARCHAR [a c], p BIGINT {\"decimal\":\".\",\"thousands\":\",\",\"doubt\":\"comma\"} [1234 22750]"},
		{"us money", "n,p\na,\"1,234.50\"\nb,22.75\nc,3.00\n", "own 3 rows: n VARCHAR [a c], p DECIMAL(18,2) {\"decimal\":\".\",\"thousands\":\",\"} [3 1234.5]"},
		{"space thousands", "n;p\na;1 234,5\nb;22,75\nc;1 000 000,25\n", "delim \";\" own 3 rows: n VARCHAR [a c], p DOUBLE {\"decimal\":\",\",\"thousands\":\" \"} [22.75 1.00000025e+06]"},
		{"money", "n,p\na,10.50\nb,3\nc,0.99\n", "3 rows: n VARCHAR [a c], p DECIMAL(18,2) [0.99 10.5]"},
		{"dmy", "n,d\na,13/02/2024\nb,01/02/2024\n", "own 2 rows: n VARCHAR [a b], d DATE {\"layout\":\"%d/%m/%Y\"} [2024-02-01 2024-02-13]"},
		{"mdy", "n,d\na,02/13/2024\nb,01/02/2024\n", "own 2 rows: n VARCHAR [a b], d DATE {\"layout\":\"%m/%d/%Y\"} [2024-01-02 2024-02-13]"},
		{"undecided", "n,d\na,02/03/2024\nb,01/02/2024\n", "2 rows: n VARCHAR [a b], d VARCHAR {\"layout\":\"?%d/%m/%Y\"}\nnotice: column \"d\" is VARCHAR because its dates may be written day first or month first: no day is above 12, e.g. \"02/03/2024\""},
		{"mixed orders", "n,d\na,13/02/2024\nb,01/22/2024\n", "2 rows: n VARCHAR [a b], d VARCHAR [01/22/2024 13/02/2024]"},
		{"d.m.y", "n;d\na;13.02.2024\nb;01.02.2024\n", "delim \";\" own 2 rows: n VARCHAR [a b], d DATE {\"layout\":\"%d.%m.%Y\"} [2024-02-01 2024-02-13]"},
		{"dmy time", "n,d\na,13/02/2024 10:30\nb,01/02/2024 9:05\n", "own 2 rows: n VARCHAR [a b], d TIMESTAMP {\"layout\":\"%d/%m/%Y %H:%M:%S\"} [2024-02-01 09:05:00 2024-02-13 10:30:00]"},
		{"mdy ampm", "n,d\na,2/13/2024 1:30:00 PM\nb,1/2/2024 12:05:00 AM\n", "own 2 rows: n VARCHAR [a b], d TIMESTAMP {\"layout\":\"%m/%d/%Y %I:%M:%S %p\"} [2024-01-02 00:05:00 2024-02-13 13:30:00]"},
		{"ymd", "n,d\na,2024/01/31\nb,2024/02/01\n", "own 2 rows: n VARCHAR [a b], d DATE {\"layout\":\"%Y/%m/%d\"} [2024-01-31 2024-02-01]"},
		{"mon", "n,d\na,31-Jan-2024\nb,1-Feb-2024\n", "own 2 rows: n VARCHAR [a b], d DATE {\"layout\":\"%d-%b-%Y\"} [2024-01-31 2024-02-01]"},
		{"comment among", "# c\nid,v\n1,2\n# x\n3,4\n", "skip 1 own comment \"#\" 2 rows: id BIGINT [1 3], v BIGINT [2 4]\nnotice: 1 line before the table is passed over, the first is \"# c\"\nnotice: 1 line is passed over (those that begin with #), the first is line 4"},
		{"fixed spaces", "name   age  city\nann    12   Oslo\nbobby  3    Rome\n", "delim \"  \" own collapse 2 rows: name VARCHAR [ann bobby], age BIGINT [3 12], city VARCHAR [Oslo Rome]"},
		{"multi space words", "name        age   city\nann lee     12    Oslo\nbob b       3     New York\n", "delim \"  \" own collapse 2 rows: name VARCHAR [ann lee bob b], age BIGINT [3 12], city VARCHAR [New York Oslo]"},
		{"trailing delim", "a,b,\n1,2,\n3,4,\n", "own 2 rows: a BIGINT [1 3], b BIGINT [2 4]"},
		{"trailing delim rows only", "a,b\n1,2,\n3,4,\n", "2 rows: a BIGINT [1 3], b BIGINT [2 4]"},
		{"short single", "id,name,v\n1,a,2\n2\n3,b,4\n", "pad 3 rows: id BIGINT [1 3], name VARCHAR 1 null [a b], v BIGINT 1 null [2 4]\nnotice: 1 row lacks trailing columns, which are NULL; the first is on line 3"},
		{"caret quote", "id,v\n~a,b~,1\n~c,d~,2\n~e~,3\n", "quote \"~\" 3 rows: id VARCHAR [a,b e], v BIGINT [1 3]"},
		{"section", "id,name,v\n1,a,2\nRegion: East\n2,b,3\n", "own 2 rows: id BIGINT [1 2], name VARCHAR [a b], v BIGINT [2 3]\nnotice: 1 row is malformed and not part of the table; the first is on line 3: expected 3 columns, found 1, which do not fit the columns' types\nreject 3 : expected 3 columns, found 1, which do not fit the columns' types: \"Region: East\""},
		{"null per col", "country,n\nNA,1\nNO,NA\nSE,3\n", "own 3 rows: country VARCHAR [NA SE], n BIGINT 1 null {\"nulls\":[\"NA\"]} [1 3]"},
		{"metadata kv", "Station: 17\nUnit: C\n\ntime,temp,hum\n2024-01-01,1.5,3\n2024-01-02,2.5,4\n", "skip 3 2 rows: time DATE [2024-01-01 2024-01-02], temp DOUBLE [1.5 2.5], hum BIGINT [3 4]\nnotice: 3 lines before the table are passed over, the first is \"Station: 17\""},
		{"metadata comma", "Station,17\nUnit,C\n\ntime,temp,hum\n2024-01-01,1.5,3\n2024-01-02,2.5,4\n", "skip 3 2 rows: time DATE [2024-01-01 2024-01-02], temp DOUBLE [1.5 2.5], hum BIGINT [3 4]\nnotice: 3 lines before the table are passed over, the first is \"Station,17\""},
		{"preamble delim", "Title\nCreated by X, Y and Z\nid,v\n1,2\n3,4\n5,6\n", "skip 2 3 rows: id BIGINT [1 5], v BIGINT [2 6]\nnotice: 2 lines before the table are passed over, the first is \"Title\""},
		{"text headerless", "Ann,Oslo,NO\nBob,Rome,IT\nCid,Paris,FR\n", "headerless 3 rows: column0 VARCHAR [Ann Cid], column1 VARCHAR [Oslo Rome], column2 VARCHAR [FR NO]"},
		{"text header", "Name,City,Country\nAnn,Oslo,NO\nBob,Rome,IT\nCid,Paris,FR\n", "3 rows: Name VARCHAR [Ann Cid], City VARCHAR [Oslo Rome], Country VARCHAR [FR NO]"},
		{"one col text no header", "apple\nbanana\ncherry\n", "2 rows: apple VARCHAR [banana cherry]"},
		{"one col with commas", "quote\n\"a, b\"\nc\n", "delim \";\" 2 rows: quote VARCHAR [a, b c]"},
		{"percent", "a,p\nx,12%\ny,15%\n", "2 rows: a VARCHAR [x y], p VARCHAR [12% 15%]"},
		{"single row", "1,2,3\n", "headerless 1 rows: column0 BIGINT [1 1], column1 BIGINT [2 2], column2 BIGINT [3 3]"},
		{"R", "\"mpg\",\"cyl\"\n\"Mazda\",21,6\n\"Datsun\",22,4\n", "own 2 rows: column0 VARCHAR [Datsun Mazda], mpg BIGINT [21 22], cyl BIGINT [4 6]\nnotice: the header names 2 of 3 columns; the one without a name is column0"},
		{"unescaped quotes", "id,t\n1,\"he said \"hi\" to me\"\n2,\"and \"bye\" then\"\n3,\"x \"y\" z\"\n4,\"plain\"\n", "escape \"\" own 4 rows: id BIGINT [1 4], t VARCHAR [and \"bye\" then x \"y\" z]\nnotice: quotes inside quotes are not escaped; one closes a field where a delimiter or the end of the line follows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := describeCSV(c.text); got != c.want {
				if os.Getenv("TARN_GOT") != "" {
					line, _ := json.Marshal(map[string]string{"name": c.name, "got": got})
					t.Logf("GOT %s", line)
				}
				t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}
