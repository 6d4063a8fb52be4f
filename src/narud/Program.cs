Console.Error.WriteLine("narud: not built yet");
return 1;
