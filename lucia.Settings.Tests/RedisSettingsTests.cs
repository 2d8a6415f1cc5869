namespace Lucia.Settings.Tests;

public class RedisSettingsTests
{
    private const string Canary = "canary5d41402abc";

    [Theory]
    [InlineData("redis", "redis", 6379, null, null, false, null)]
    [InlineData("redis:6380", "redis", 6380, null, null, false, null)]
    [InlineData("[::1]:6380", "::1", 6380, null, null, false, null)]
    [InlineData("::1", "::1", 6379, null, null, false, null)]
    [InlineData("redis:6379,password=p=1,ssl=true,defaultDatabase=2,user=u", "redis", 6379, "u", "p=1", true, 2)]
    [InlineData("redis://redis", "redis", 6379, null, null, false, null)]
    [InlineData("redis://:p%40ss@redis:6380/3", "redis", 6380, null, "p@ss", false, 3)]
    [InlineData("rediss://u:p@redis", "redis", 6379, "u", "p", true, null)]
    [InlineData("redis://[fd00::1]:6380", "fd00::1", 6380, null, null, false, null)]
    public void Both_ways_to_write_an_address_are_read(string text, string host, int port, string? user, string? password, bool tls, int? database)
    {
        RedisSettings.TryParse(text, out var redis, out var fault).ShouldBeTrue(fault?.What);
        redis.ShouldBe(new(host, port, user, password, tls, database, []));
        SettingsCatalogue.Redis.IsSecretValue(text).ShouldBe(password is not null);
    }

    [Fact]
    public void Other_options_are_kept()
    {
        RedisSettings.TryParse("redis:6379,connecttimeout=2000,abortConnect=false,keepAlive=", out var redis, out _).ShouldBeTrue();
        redis!.Options.ShouldBe(["connectTimeout=2000", "abortConnect=false"]);
    }

    [Theory]
    [InlineData("redis:6379,password=abc," + Canary + "=1")]
    [InlineData("redis:6379,password=abc," + Canary)]
    [InlineData("redis:6379,ssl=" + Canary)]
    [InlineData("redis:6379,defaultDatabase=" + Canary)]
    [InlineData("redis:" + Canary)]
    [InlineData("redis:99999")]
    [InlineData("password=" + Canary)]
    [InlineData("http://redis:6379/" + Canary)]
    [InlineData("redis://" + Canary + "@redis")]
    [InlineData("redis://redis/" + Canary)]
    [InlineData("redis://:a/" + Canary + "@redis")]
    [InlineData("redis://redis?password=" + Canary)]
    [InlineData("redis://:changeme@redis")]
    public void A_fault_never_repeats_the_value(string text)
    {
        SettingsCatalogue.Redis.TryParse(text, out _, out var fault).ShouldBeFalse();
        $"{fault}".ShouldNotContain(Canary);
        fault!.Remedy.ShouldEndWith(".");
    }
}
