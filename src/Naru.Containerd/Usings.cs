global using Naru.Sqlite;
