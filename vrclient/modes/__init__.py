"""What a visitor does and is shown: tour, date, exhibits, menu. Pure: state and events in, state, commands and panels out."""
