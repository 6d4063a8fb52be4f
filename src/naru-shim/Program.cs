Console.Error.WriteLine("naru-shim: not built yet");
return 1;
