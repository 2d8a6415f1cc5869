using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>The items of the one to-do list; its entity's state is the number of those not done.</summary>
internal sealed class ShoppingList
{
    public const string EntityId = "todo.shopping_list";
    private const int MaxItems = 200;
    private readonly Lock _gate = new();
    private readonly List<(string Uid, string Summary, bool Done)> _items = [];

    public ShoppingList() => Reset();

    public static readonly IReadOnlyList<ServiceField> Item = [ServiceField.Text("item", "What it says.", required: true)];

    public void Reset()
    {
        lock (_gate)
        {
            _items.Clear();
            _items.Add(("1", "Milk", false));
            _items.Add(("2", "Bread", false));
        }
    }

    public EntityChange Add(JsonObject data)
    {
        lock (_gate)
        {
            if (_items.Count >= MaxItems)
                throw new ServiceValidation("The list is full.");
            _items.Add((Guid.NewGuid().ToString(), data.String("item") ?? "", false));
            return Count();
        }
    }

    public EntityChange Remove(JsonObject data)
    {
        lock (_gate)
        {
            _items.RemoveAt(IndexOf(data.String("item")));
            return Count();
        }
    }

    public EntityChange Update(JsonObject data)
    {
        lock (_gate)
        {
            var index = IndexOf(data.String("item"));
            var (uid, summary, done) = _items[index];
            _items[index] = (uid, data.String("rename") ?? summary, data.String("status") is { } status ? status == "completed" : done);
            return Count();
        }
    }

    public JsonObject ToJson()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["items"] = new JsonArray([.. _items.Select(item => new JsonObject
                {
                    ["summary"] = item.Summary,
                    ["uid"] = item.Uid,
                    ["status"] = item.Done ? "completed" : "needs_action",
                })]),
            };
        }
    }

    private int IndexOf(string? item)
    {
        var index = _items.FindIndex(each => each.Uid == item || each.Summary.Equals(item, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw new ServiceValidation($"Unable to find to-do list item: {item}");
    }

    private EntityChange Count() => new(_items.Count(item => !item.Done).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
