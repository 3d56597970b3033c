// Command tlogcheck verifies an exported ledger with golang.org/x/mod/sumdb alone: it shares no code with
// Rujukan, so that what it accepts is what the public C2SP conventions mean by a tiled log.
//
//	tlogcheck DIR
//
// DIR holds checkpoint, vkey (one line), tile/<L>/<N>[.p/<W>] and tile/entries/<N>[.p/<W>]. Exit code 0 and
// one summary line, or 1 and the reason.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: tlogcheck DIR")
		os.Exit(1)
	}
	summary, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "tlogcheck:", err)
		os.Exit(1)
	}
	fmt.Println(summary)
}

func check(dir string) (string, error) {
	origin, tree, err := openCheckpoint(dir)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	records, err := recordHashes(dir, tree.N)
	if err != nil {
		return "", fmt.Errorf("entries: %w", err)
	}
	hashes, err := storedHashes(records)
	if err != nil {
		return "", fmt.Errorf("hashing the entries: %w", err)
	}
	if err := checkRoot(tree, hashes); err != nil {
		return "", err
	}
	tiles, err := checkTiles(dir, tree, hashes)
	if err != nil {
		return "", fmt.Errorf("tiles: %w", err)
	}
	// From here on proofs are made of the files' hashes, checked against the signed root by tlog itself.
	proven, err := readHashes(dir, tree, int64(len(hashes)))
	if err != nil {
		return "", fmt.Errorf("hashes of the tiles: %w", err)
	}
	if err := checkInclusion(tree, records, &proven); err != nil {
		return "", fmt.Errorf("inclusion: %w", err)
	}
	if err := checkConsistency(tree, hashes, &proven); err != nil {
		return "", fmt.Errorf("consistency: %w", err)
	}
	return fmt.Sprintf("ok: %d entries, %d tiles, %d inclusion proofs, checkpoint %s size %d",
		len(records), tiles, len(records), origin, tree.N), nil
}

// openCheckpoint verifies the signature with the key in vkey and parses the three lines.
func openCheckpoint(dir string) (string, tlog.Tree, error) {
	vkey, err := os.ReadFile(filepath.Join(dir, "vkey"))
	if err != nil {
		return "", tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return "", tlog.Tree{}, err
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return "", tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return "", tlog.Tree{}, fmt.Errorf("%d lines of text; three were expected", len(lines)-1)
	}
	if lines[0] != verifier.Name() {
		return "", tlog.Tree{}, fmt.Errorf("origin %q is not the key's name %q", lines[0], verifier.Name())
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + lines[1] + "\n" + lines[2] + "\n"))
	return lines[0], tree, err
}

// tilePath is tlog's own path without the tile height, which C2SP leaves out.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return filepath.FromSlash("tile/" + strings.Replace(path, "data/", "entries/", 1))
}

// recordHashes reads every entry bundle and hashes its entries.
func recordHashes(dir string, size int64) ([]tlog.Hash, error) {
	var records []tlog.Hash
	for _, tile := range allTiles(size) {
		if tile.L != 0 {
			continue
		}
		tile.L = -1 // tlog's name for the entries under a level 0 tile
		path := tilePath(tile)
		bundle, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s is cut off in entry %d", path, i)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			records = append(records, tlog.RecordHash(bundle[2:2+length]))
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("%s goes on after its last entry", path)
		}
	}
	return records, nil
}

// storedHashes rebuilds every hash of the tree from the record hashes.
func storedHashes(records []tlog.Hash) (memory, error) {
	var hashes memory
	for i, record := range records {
		more, err := tlog.StoredHashesForRecordHash(int64(i), record, &hashes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, more...)
	}
	return hashes, nil
}

func checkRoot(tree tlog.Tree, hashes memory) error {
	root, err := tlog.TreeHash(tree.N, &hashes)
	if tree.N == 0 {
		// The version of x/mod in Debian 12 has no answer for the empty tree: SHA-256 of nothing.
		root, err = tlog.ParseHash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	}
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the entries have root %v; the checkpoint signs %v", root, tree.Hash)
	}
	return nil
}

// checkTiles compares every tile file with the hashes recomputed from the entries.
func checkTiles(dir string, tree tlog.Tree, hashes memory) (int, error) {
	tiles := allTiles(tree.N)
	for _, tile := range tiles {
		expected, err := tlog.ReadTileData(tile, &hashes)
		if err != nil {
			return 0, err
		}
		stored, err := os.ReadFile(filepath.Join(dir, tilePath(tile)))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(stored, expected) {
			return 0, fmt.Errorf("%s does not hold the hashes of the entries", tilePath(tile))
		}
	}
	return len(tiles), nil
}

// allTiles names each tile once, at its full width: tlog.NewTiles would name every width on the way.
func allTiles(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level, count := 0, size; count > 0; level, count = level+1, count>>tileHeight {
		for n := int64(0); n<<tileHeight < count; n++ {
			width := count - n<<tileHeight
			if width > 1<<tileHeight {
				width = 1 << tileHeight
			}
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: n, W: int(width)})
		}
	}
	return tiles
}

// readHashes reads every stored hash out of the tiles in one call, so that each tile is authenticated once.
func readHashes(dir string, tree tlog.Tree, count int64) (memory, error) {
	if count == 0 {
		return nil, nil
	}
	indexes := make([]int64, count)
	for i := range indexes {
		indexes[i] = int64(i)
	}
	return tlog.TileHashReader(tree, tileFiles(dir)).ReadHashes(indexes)
}

func checkInclusion(tree tlog.Tree, records []tlog.Hash, reader tlog.HashReader) error {
	for i, record := range records {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), record); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

// checkConsistency proves the tree an extension of smaller ones: the first, halves, and the last but one.
func checkConsistency(tree tlog.Tree, hashes memory, reader tlog.HashReader) error {
	for _, old := range []int64{1, tree.N / 3, tree.N / 2, tree.N - 1} {
		if old < 1 || old >= tree.N {
			continue
		}
		oldRoot, err := tlog.TreeHash(old, &hashes)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(tree.N, old, reader)
		if err != nil {
			return fmt.Errorf("from size %d: %w", old, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old, oldRoot); err != nil {
			return fmt.Errorf("from size %d: %w", old, err)
		}
	}
	return nil
}

// memory is every stored hash in tlog's order.
type memory []tlog.Hash

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(*m)) {
			return nil, fmt.Errorf("no hash with storage index %d", index)
		}
		found[i] = (*m)[index]
	}
	return found, nil
}

// tileFiles is the folder of an export as a tlog.TileReader.
type tileFiles string

func (f tileFiles) Height() int { return tileHeight }

func (f tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (f tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), tilePath(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
