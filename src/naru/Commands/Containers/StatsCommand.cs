using System.Text;
using System.Text.Json;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Containers;

/// <summary>`stats`: one thread a container reads its samples; this one prints all of them twice a second.</summary>
internal static class StatsCommand
{
    private const string Table = "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";

    public static Command Create()
    {
        var command = new Command("stats [OPTIONS] [CONTAINER...]", "Display a live stream of container(s) resource usage statistics") { Aliases = ["container stats", "stats"] };
        var flags = command.Flags;
        var all = flags.Bool("all", 'a', "Show all containers (default shows just running)");
        var format = flags.String("format", null, Listing.FormatUsage);
        var once = flags.Bool("no-stream", null, "Disable streaming stats and only pull the first result");
        var full = flags.Bool("no-trunc", null, "Do not truncate output");
        command.Run = (context, names) =>
        {
            var chosen = format.Value.Length > 0 ? format.Value : context.Config.StatsFormat ?? "";
            var watch = new Watch(context.Engine, stream: !once);
            if (names.Count > 0)
            {
                foreach (var name in names)
                    watch.Add(name);
            }
            else
            {
                foreach (var container in context.Engine.Get(new Query("/containers/json").Add("all", all), ApiJson.Default.IReadOnlyListContainerSummary))
                    watch.Add(container.Id);
                if (!once)
                    watch.Follow(all);
            }

            watch.WaitForFirst();
            if (watch.Failures() is { Length: > 0 } failure && names.Count > 0)
                throw new ExitException(1, failure);
            if (once)
            {
                Streams.OutText(Text());
                return 0;
            }

            while (true)
            {
                Refresh(Text());
                if (names.Count > 0 && watch.Ended)
                    return 0;
                Thread.Sleep(500);
            }

            string Text() => Listing.Text(chosen, Table, StatsRow.Columns(!full), watch.Rows());
        };
        return command;
    }

    /// <summary>Writes over what stood there before, line by line, so that nothing flickers.</summary>
    private static void Refresh(string text)
    {
        if (!ConsoleTerminal.IsTerminal(1))
        {
            Streams.OutText(text);
        }
        else
        {
            var screen = new StringBuilder("\x1b[H");
            foreach (var line in text.Split('\n'))
                screen.Append(line).Append("\x1b[K\n");
            Streams.OutText(screen.Append("\x1b[J").ToString());
        }

        Streams.Out.Flush();
    }

    /// <summary>The containers that are watched, each by a thread.</summary>
    private sealed class Watch(EngineClient engine, bool stream)
    {
        private readonly Lock gate = new();
        private readonly List<string> order = [];
        private readonly Dictionary<string, StatsRow> rows = [];
        private readonly Dictionary<string, string> failures = [];
        private readonly List<Thread> threads = [];
        private readonly CountdownEvent waiting = new(1);

        public bool Ended => threads.TrueForAll(thread => !thread.IsAlive);

        public void Add(string name)
        {
            lock (gate)
            {
                if (!rows.TryAdd(name, new StatsRow(name)))
                    return;
                order.Add(name);
            }

            waiting.TryAddCount();
            var thread = new Thread(() => Collect(name)) { IsBackground = true };
            threads.Add(thread);
            thread.Start();
        }

        public void WaitForFirst()
        {
            waiting.Signal();
            waiting.Wait();
        }

        public List<StatsRow> Rows()
        {
            lock (gate)
                return [.. order.Where(rows.ContainsKey).Select(name => rows[name])];
        }

        public string Failures()
        {
            lock (gate)
                return string.Join('\n', order.Where(failures.ContainsKey).Select(name => failures[name]));
        }

        /// <summary>Takes containers in as they start, and out as they end or go.</summary>
        public void Follow(bool all)
        {
            var query = new Query("/events").Add("filters", Filters.Query(["type=container"]));
            new Thread(() =>
            {
                try
                {
                    using var response = engine.Send("GET", query);
                    using var reader = new StreamReader(response.Body);
                    while (reader.ReadLine() is { } line)
                    {
                        var message = JsonSerializer.Deserialize(line, ApiJson.Default.EventMessage)!;
                        if (message.Action == "start" || (all && message.Action == "create"))
                            Add(message.Actor.ID);
                        else if (message.Action == "destroy" || (!all && message.Action == "die"))
                            Remove(message.Actor.ID);
                    }
                }
                catch (Exception e) when (e is EngineException or IOException)
                {
                    // The samples' threads meet the same end, and say so.
                }
            })
            { IsBackground = true }.Start();
        }

        private void Remove(string name)
        {
            lock (gate)
            {
                rows.Remove(name);
                order.Remove(name);
            }
        }

        private void Collect(string name)
        {
            var first = true;
            try
            {
                using var response = engine.Send("GET", new Query($"/containers/{EngineClient.Escape(name)}/stats").Add("stream", stream ? "1" : "0"));
                using var reader = new StreamReader(response.Body);
                while (reader.ReadLine() is { } line)
                {
                    if (line.Length == 0)
                        continue;
                    using var document = JsonDocument.Parse(line);
                    lock (gate)
                    {
                        if (rows.TryGetValue(name, out var row))
                            rows[name] = row.With(document.RootElement);
                    }

                    First();
                }
            }
            catch (Exception e) when (e is EngineException or IOException or JsonException)
            {
                lock (gate)
                {
                    failures[name] = e.Message;
                    if (rows.TryGetValue(name, out var row))
                        rows[name] = row with { Known = false };
                }
            }

            First();

            void First()
            {
                if (first)
                    waiting.Signal();
                first = false;
            }
        }
    }
}
