package catalog

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// processLake names the lake to a child of TestProcesses, and processFolder the folder it writes in.
const processLake, processFolder = "TARN_TEST_LAKE", "TARN_TEST_FOLDER"

// TestProcesses lets several processes begin, fill and crawl one lake at the same time.
func TestProcesses(t *testing.T) {
	if dir := os.Getenv(processLake); dir != "" {
		c, _ := mustOpen(t, dir, Options{})
		for i := range 10 {
			put(t, dir, map[string]string{fmt.Sprintf("%s/%d.csv", os.Getenv(processFolder), i): idName})
			refresh(t, c)
		}
		return
	}
	dir := newLake(t, map[string]string{"seed.json": idDay})
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcesses$")
			cmd.Env = append(os.Environ(), processLake+"="+dir, fmt.Sprintf("%s=t%d", processFolder, i))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("process %d: %v\n%s", i, err, out)
			}
		})
	}
	wg.Wait()
	c, k := mustOpen(t, dir, Options{})
	if n := k.taken(); n != 0 {
		t.Errorf("%d files were left for this process", n)
	}
	fresh, _ := mustOpen(t, dir, Options{StateDir: t.TempDir()})
	if d := cmp.Diff(dump(fresh.Snapshot()), dump(c.Snapshot())); d != "" || len(c.Snapshot().Tables) != 4 {
		t.Errorf("the processes left another catalog than one makes alone (-alone +together):\n%s", d)
	}
}
