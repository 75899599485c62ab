package storage

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The rule of names: hidden and _-prefixed names are left out; a file whose suffix says plainly that it is no table
// (programs, documents, pictures, unfinished writes) is left out too; every other file is a candidate, and Detect
// decides by its content. A .gz, .zst or .zstd at the end is taken off first.

// suffixFormat is the format that a suffix promises.
var suffixFormat = map[string]Format{
	".parquet": Parquet,
	".csv":     CSV, ".tsv": CSV, ".txt": CSV, ".dat": CSV,
	".json": JSON, ".jsonl": JSON, ".ndjson": JSON,
}

// noData lists suffixes of files that hold no table, by what they are.
var noData = func() map[string]string {
	m := map[string]string{}
	for kind, suffixes := range map[string]string{
		"a document": ".md .markdown .rst .adoc .tex .pdf .doc .docx .odt .rtf .ppt .pptx .odp .ipynb",
		"a web page": ".html .htm .css",
		"a program": ".py .pyc .pyi .r .rmd .js .mjs .ts .tsx .jsx .go .mod .sum .c .h .cc .cpp .hpp .rs .java .class " +
			".jar .scala .kt .rb .pl .php .lua .jl .sh .bash .zsh .ps1 .bat .cmd .exe .dll .so .dylib .a .o .wasm .sql",
		"a configuration file": ".yaml .yml .toml .ini .cfg .conf .properties .env .lock",
		"an image":             ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .svg .ico .heic .psd",
		"sound or video":       ".mp3 .wav .flac .ogg .m4a .mp4 .mov .avi .mkv .webm",
		"a font":               ".ttf .otf .woff .woff2",
		"an unfinished write":  ".tmp .temp .part .partial .crdownload .swp .inprogress",
		"a backup copy":        ".bak .orig",
		"a checksum":           ".crc .md5 .sha1 .sha256 .sha512 .sig",
	} {
		for _, s := range strings.Fields(suffixes) {
			m[s] = kind
		}
	}
	return m
}()

// documentation lists stems that name texts about the data, with no suffix or .txt.
var documentation = map[string]bool{
	"readme": true, "license": true, "licence": true, "copying": true, "notice": true, "changelog": true,
}

// suffixOf returns the lower-case suffix of a name without that of a compression.
func suffixOf(name string) string {
	name = strings.ToLower(name)
	switch ext := path.Ext(name); ext {
	case ".gz", ".zst", ".zstd":
		return path.Ext(strings.TrimSuffix(name, ext))
	default:
		return ext
	}
}

// refuseName returns why a name is left out, or "".
func refuseName(name string, dir bool) string {
	switch {
	case !utf8.ValidString(name):
		return fmt.Sprintf("the name is not valid UTF-8 (as bytes: %s); rename it", strconv.QuoteToASCII(name))
	case strings.HasPrefix(name, "."):
		return "hidden: the name begins with a dot"
	case strings.HasPrefix(name, "_"):
		return "hidden: the name begins with _"
	case dir:
		return ""
	case strings.HasSuffix(name, "~"):
		return "no data: a backup copy (~)"
	}
	suffix := suffixOf(name)
	if kind, ok := noData[suffix]; ok {
		return fmt.Sprintf("no data: %s (%s)", kind, suffix)
	}
	stem := strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
	if (suffix == "" || suffix == ".txt") && documentation[stem] {
		return "no data: a text about the data"
	}
	return ""
}

// shown returns a path that can be printed and stored, with � for what is not UTF-8.
func shown(p string) string { return strings.ToValidUTF8(p, "\uFFFD") }
