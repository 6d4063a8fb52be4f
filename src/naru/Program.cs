Console.Error.WriteLine("naru: not built yet");
return 1;
