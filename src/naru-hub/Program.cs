Console.Error.WriteLine("naru-hub: no command yet");
return 1;
