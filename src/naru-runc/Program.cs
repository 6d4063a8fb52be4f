Console.Error.WriteLine("naru-runc: not built yet");
return 1;
