package engine

import "tarn/catalog/viewfile"

// UserViews returns the views that users made: those of the lake and the session's temporary ones.
func (s *Session) UserViews() (lake, temporary []viewfile.View, err error) {
	set, err := s.lakeViews()
	if err != nil {
		return nil, nil, err
	}
	return viewsOf(set), viewsOf(s.views.temp), nil
}

func viewsOf(set *viewfile.Set) (out []viewfile.View) {
	for _, v := range set.Views {
		out = append(out, *v)
	}
	return out
}
