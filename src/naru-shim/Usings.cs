global using Google.Protobuf;
global using Google.Protobuf.WellKnownTypes;
global using Naru.Base;
global using Naru.Linux;
global using Naru.Linux.Descriptors;
global using Naru.Linux.Polling;
global using Naru.Linux.Spawning;
global using Naru.Rpc.Shim;
