using Naru.Api;
using Naru.Base;

namespace Naru.Engine.Health;

/// <summary>How a container's health is checked: the image's word, what the container changes of it, and Docker's defaults.</summary>
public static class HealthConfigs
{
    public const long Second = 1_000_000_000;
    private const long Least = 1_000_000;

    /// <summary>Field by field: the container's, else the image's.</summary>
    public static HealthConfig? Merge(HealthConfig? own, HealthConfig? image)
    {
        if (own is null || image is null)
            return own ?? image;
        return new HealthConfig
        {
            Test = own.Test is { Count: > 0 } ? own.Test : image.Test,
            Interval = own.Interval != 0 ? own.Interval : image.Interval,
            Timeout = own.Timeout != 0 ? own.Timeout : image.Timeout,
            StartPeriod = own.StartPeriod != 0 ? own.StartPeriod : image.StartPeriod,
            StartInterval = own.StartInterval != 0 ? own.StartInterval : image.StartInterval,
            Retries = own.Retries != 0 ? own.Retries : image.Retries,
        };
    }

    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static void Check(HealthConfig? health)
    {
        if (health is null)
            return;
        foreach (var (name, value) in ((string, long)[])[("Interval", health.Interval), ("Timeout", health.Timeout), ("StartPeriod", health.StartPeriod), ("StartInterval", health.StartInterval)])
        {
            if (value != 0 && value < Least)
                throw NaruException.Invalid($"{name} in Healthcheck cannot be less than 1ms");
        }

        if (health.Retries < 0)
            throw NaruException.Invalid("Retries in Healthcheck cannot be negative");
    }

    /// <summary>The words to run; null when there is no check.</summary>
    public static IReadOnlyList<string>? Command(ContainerConfig config)
    {
        if (config.Healthcheck?.Test is not { Count: > 1 } test)
            return null;
        return test[0] switch
        {
            "CMD-SHELL" => [.. config.Shell is { Count: > 0 } shell ? shell : ["/bin/sh", "-c"], .. test.Skip(1)],
            "CMD" => [.. test.Skip(1)],
            _ => null,
        };
    }

    public static TimeSpan Interval(HealthConfig health) => Time(health.Interval, 30 * Second);

    public static TimeSpan Timeout(HealthConfig health) => Time(health.Timeout, 30 * Second);

    public static TimeSpan StartPeriod(HealthConfig health) => Time(health.StartPeriod, 0);

    public static TimeSpan StartInterval(HealthConfig health) => Time(health.StartInterval, 5 * Second);

    public static int Retries(HealthConfig health) => health.Retries > 0 ? health.Retries : 3;

    private static TimeSpan Time(long nanoseconds, long otherwise) => TimeSpan.FromTicks((nanoseconds > 0 ? nanoseconds : otherwise) / 100);
}
