using Naru.Cli;

return Cli.Run(args);
