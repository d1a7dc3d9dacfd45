#include <quantity/quantity.hpp>
#include <type_traits>

using namespace quantity;

static_assert(std::is_same<decltype(Length(6) / Duration(2)), Speed>::value,
              "a length over a duration is a speed");
static_assert(std::is_same<decltype(Speed(3) * Duration(2)), Length>::value,
              "a speed times a duration is a length");
static_assert(!std::is_convertible<double, Length>::value, "a bare number is no length");

int main() {
  const Speed speed = (Length(8) - Length(2)) / (Duration(1) + Duration(1));
  return speed.value() == 3 ? 0 : 1;
}
