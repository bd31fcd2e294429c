"""Reports as one HTML file each: the page, tables, trees and small charts that they are made of. Knows nothing of registers."""
