global using Router = Naru.Base.RouteTable<System.Func<Naru.Daemon.Http.ApiCall, System.Threading.Tasks.Task>>;
