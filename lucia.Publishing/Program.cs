using Lucia.Publishing.Cli;
using Lucia.Publishing.Targets;

return PublishCommand.Run(args, PublishTargets.All, Console.Out, Console.Error);
