package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// crawlCommand crawls and prints what was found.
func (p *program) crawlCommand() *cobra.Command {
	var explain bool
	cmd := &cobra.Command{
		Use:   "crawl [DIR]",
		Short: "Crawl the lake in DIR and print what was found and what changed",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cat, err := p.openCatalog(cmd.Context(), dirOf(args))
			if err != nil {
				return err
			}
			defer cat.Close()
			report := cat.Opened()
			if report == nil {
				progress, done := crawlProgress(p.stderr)
				_ = progress
				report, err = cat.Refresh(cmd.Context())
				done()
				if err != nil {
					return fmt.Errorf("crawl %s: %w", dirOf(args), err)
				}
			}
			return report.Write(p.stdout, cat.Snapshot(), explain)
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, "say why: grouping, dialects, types")
	return cmd
}
