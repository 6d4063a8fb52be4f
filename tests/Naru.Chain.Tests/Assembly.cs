// Each test starts engines and containers of its own: in turn, they have the machine to themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
