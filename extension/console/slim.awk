# A file of the page as it is served: without its indentation, and without the comments that have lines of their own.
/^\t*\/\*.*\*\/$/ { next }
/^\t*\/\*/ { away = 1 }
!away { sub(/^\t+/, ""); print }
/\*\/$/ { away = 0 }
