package main

import (
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
			cat, err := p.openCatalog(cmd.Context(), dirOf(args)) // crawls
			if err != nil {
				return err
			}
			defer cat.Close()
			return cat.Opened().Write(p.stdout, cat.Snapshot(), explain)
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, "say why: grouping, dialects, types")
	return cmd
}
