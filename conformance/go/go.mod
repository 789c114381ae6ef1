module carport.example/conformance/go

go 1.19
