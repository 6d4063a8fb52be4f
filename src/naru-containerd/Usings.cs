global using Naru.GrpcServer;
