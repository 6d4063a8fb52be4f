global using Google.Protobuf;
global using Naru.Base;
