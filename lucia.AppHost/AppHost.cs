System.Console.WriteLine("model");
