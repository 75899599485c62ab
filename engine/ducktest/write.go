package ducktest

import (
	"errors"
	"path/filepath"
	"regexp"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

var tableName = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// WriteLake runs a script of CREATE TABLE and INSERT statements and writes each table as NAME.parquet into dir.
func WriteLake(script, dir string) error {
	var db duck.Database
	var con duck.Connection
	if duck.Open(":memory:", &db) != duck.StateSuccess || duck.Connect(db, &con) != duck.StateSuccess {
		return errors.New("DuckDB does not open a database in memory")
	}
	defer duck.Close(&db)
	defer duck.Disconnect(&con)
	// PostgreSQL's way to write bytes, which the script may use.
	statements := []string{"CREATE MACRO decode(s, f) AS unhex(s)", script}
	for _, m := range tableName.FindAllStringSubmatch(script, -1) {
		statements = append(statements, "COPY "+m[1]+" TO '"+filepath.Join(dir, m[1]+".parquet")+"' (FORMAT parquet)")
	}
	for _, sql := range statements {
		if err := exec(con, sql); err != nil {
			return err
		}
	}
	return nil
}

func exec(con duck.Connection, sql string) error {
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.Query(con, sql, &result) != duck.StateSuccess {
		return errors.New(duck.ResultError(&result))
	}
	return nil
}
