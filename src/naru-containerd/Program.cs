Console.Error.WriteLine("naru-containerd: not built yet");
return 1;
